/** Where a note was found. */
export type NoteSource = 'checkpoint' | 'anchor' | 'hand-over';

const range = (from: number, to: number): string =>
  from === to ? `Entry ${from}` : `Entries ${from} to ${to}`;
const entries = (count: number): string => (count === 1 ? '1 entry' : `${count} entries`);

export const payloadAltered = (seq: number): string =>
  `Entry ${seq} was altered: its payload is not the one that its hash was made of.`;
export const chainAltered = (seq: number): string =>
  `The hash of entry ${seq} was altered; its payload is the one that was stored.`;
export const entryAltered = (seq: number): string =>
  `Entry ${seq} was altered: its payload, its hash, or both.`;
export const unreadable = (seq: number, problem?: string): string =>
  `What stands in the place of entry ${seq} is no entry${problem === undefined ? '' : `: it ${problem}`}.`;
export const notCanonical = (seq: number, problem: string): string =>
  `Entry ${seq} was not written by an audit trail, although its hash fits: its payload ${problem}.`;

export const missing = (from: number, to: number): string =>
  `${range(from, to)} ${from === to ? 'is' : 'are'} missing.`;
export const duplicate = (seq: number): string => `Entry ${seq} is there twice.`;
export const fork = (seq: number): string =>
  `The chain forks: two different entries ${seq} both follow entry ${seq - 1}.`;
export const wrongPlace = (seq: number, after: number): string => `Entry ${seq} comes after entry ${after}.`;
export const wrongNumber = (seq: number, own: number): string =>
  `In the place of entry ${seq} stands one that says it is entry ${own}: it was moved, copied or renumbered.`;
export const noteOutOfOrder = (source: NoteSource, size: number, position: number): string =>
  `The ${source} for ${entries(size)} comes after ${entries(position)}: the trail, or these notes, were put back to an ` +
  'earlier state and went on from there, or notes were moved.';
export const noteTooEarly = (source: NoteSource, size: number): string =>
  `The ${source} for ${entries(size)} comes before entry ${size}: it was moved.`;
export const afterTheEnd = 'Something follows the last line of the export.';
export const pruningNotSaid = (through: number): string =>
  `Entries up to ${through} are missing, and no entry says that they were pruned: they were deleted.`;
export const pruningNotSigned = (through: number, seq: number): string =>
  `Entries up to ${through} are missing, and entry ${seq}, which says that they were pruned, is not signed: ` +
  'whoever can write the file can have added it.';
export const pruningDiffers = (through: number, seq: number): string =>
  `Entries up to ${through} were pruned as entry ${seq} says, but the trail goes on from another state.`;

export const cutOff = (source: NoteSource, size: number, last: number): string =>
  `The trail was cut off: it ends with entry ${last}, and a signed ${source} knows of ${size}.`;
export const exportCutOff = (last: number): string =>
  `The export was cut off after entry ${last}: it has no last line.`;
export const exportShort = (last: number, size: number): string =>
  `The export ends with entry ${last}, and its last line says ${size}.`;

export const anotherHistory = (source: NoteSource, from: number, size: number, time: string): string =>
  `The ${source} for ${entries(size)}, signed at ${time}, is of another history: ${range(from, size)} ` +
  'or some of them were rewritten.';

export const badSignature = (source: NoteSource, size: number): string =>
  `The signature of the ${source} for ${entries(size)} is false.`;
export const unknownKey = (source: NoteSource, size: number): string =>
  `The ${source} for ${entries(size)} is signed by no key that is trusted or known here.`;
export const retiredKey = (source: NoteSource, size: number, until: number): string =>
  `The ${source} for ${entries(size)} is signed by a key that was good for ${entries(until)} only: ` +
  'whoever still has that key made it.';
export const malformedCheckpoint = (source: NoteSource, position: number, problem: string): string =>
  `The ${source} after entry ${position} cannot be read: the note ${problem}.`;
export const otherTrail = (source: NoteSource, size: number, trail: string): string =>
  `The ${source} for ${entries(size)} is of another trail, ${trail}.`;
export const noAnchorOfTrail = (trail: string): string =>
  `None of the anchors is of the trail ${trail}: they are those of another one, or this one was replaced.`;
export const badHandover = (seq: number): string =>
  `Entry ${seq} names a new key, and the key before it did not sign that.`;
export const contradictedHandover = (size: number, vkey: string): string =>
  `A note for ${entries(size)} says that a key takes over which came in at another place: ${vkey}`;
export const keysUnproved = (vkeys: readonly string[]): string =>
  `Several keys that you trust came in although none handed over to them (${vkeys.join(', ')}): which of them is the ` +
  'older one, the trail cannot show, and whoever has kept an old key can have put it last. Give only the one in force.';
export const signerAltered = (vkey: string): string =>
  `The trail names as the key that signs now one that has not signed last: ${vkey}`;
export const nothingTrusted =
  'Nothing here is signed by a key that you trust: the whole trail can have been written anew.';
export const keyNotUsed = (vkey: string): string =>
  `A key that you trust signs nothing here: the trail can have been written anew with another one. It is ${vkey}`;
export const noKeyOfTrail = (trail: string): string =>
  `None of the keys that you trust is one of the trail ${trail}: they are those of another one, or this one was replaced.`;

export const WITHOUT_ANCHOR =
  'Without an anchor (a checkpoint kept where the owner of this file cannot change it) neither a tail that was cut off ' +
  'nor a full rewrite by who has the key can be seen.';
export const sinceAnchor = (size: number): string =>
  `What was cut off or rewritten after the newest anchor (entry ${size}) cannot be seen.`;
export const NO_ANCHORS = 'There is not one anchor in what was given as anchors.';
export const firstUse = (vkey: string): string =>
  `The key was taken from the trail itself: compare it with one that you got another way. It is ${vkey}`;
export const nothingSignedByTrusted = (count: number): string =>
  `${count === 1 ? 'The signed note is' : `All ${count} signed notes are`} by keys that are not trusted: they prove nothing.`;
export const keysOfOthers = (count: number): string =>
  `${count === 1 ? 'A key' : `${count} keys`} that you gave ${count === 1 ? 'is' : 'are'} of other trails, and count for nothing here.`;
export const keyInForceNotGiven = (vkey: string): string =>
  'The key in force was not given: it follows from one that was. Whoever has kept an older key can make another history ' +
  `from before the hand-over: give the newest key too. Here it is ${vkey}`;
export const NOTHING_SIGNED = 'Nothing is signed yet: whoever can write the file can write all of it anew.';
export const unsignedTail = (from: number, to: number): string =>
  `${range(from, to)} ${from === to ? 'is' : 'are'} not signed yet: whoever can write the file can write ` +
  `${from === to ? 'it' : 'them'} anew.`;
export const notCompared = (count: number): string =>
  `${count} signed note(s) could not be compared, because entries before them are damaged or missing.`;
export const notLinked = (count: number): string =>
  `${entries(count)} could not be checked against the entry before, which is missing or in a wrong place.`;
export const beforeStart = (count: number): string =>
  `${count} anchor(s) are of entries that were pruned since, and could not be compared.`;
export const unreadableAnchors = (count: number): string =>
  `${count} anchor(s) could not be read: cut off by a crash while they were written, or damaged.`;
export const anchorsOfOthers = (count: number): string =>
  `${count} anchor(s) of other trails were passed over.`;
