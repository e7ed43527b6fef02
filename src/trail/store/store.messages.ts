import { type TrailErrorCode } from './trail-error.js';

export const sqliteMissing = (version: string): string =>
  `The audit trail needs the built-in node:sqlite, which this Node (${version}) does not have. ` +
  'Run Node 22.13 or later, or remove the option `trail`.';

export const directoryMissing = (file: string): string =>
  `The audit trail cannot be opened: the directory of ${file} does not exist. ` +
  'Create it, or change the option `trail.file`.';

export const cannotOpen = (file: string, error: unknown): string =>
  `The audit trail ${file} cannot be opened (${textOf(error)}). ` +
  'Check that this user may read and write the file and its directory.';

export const locked = (file: string): string =>
  `The audit trail ${file} is already open for writing, in another process or another store of this one. ` +
  'A trail has one writer: give each process its own `trail.file`, or end the other one first.';

export const notATrail = (file: string): string =>
  `${file} is not an audit trail. Change the option \`trail.file\` to a new file or to that of a trail.`;

export const newerFormat = (file: string, format: number): string =>
  `The audit trail ${file} has format ${format}, which this version does not know. ` +
  'Update nestjs-log-stream to the version that wrote it.';

export const settingRefused = (file: string, setting: string, wanted: string, found: string): string =>
  `SQLite does not keep the setting ${setting}=${wanted} on the audit trail ${file} (it is ${found}), and without ` +
  'it acknowledged entries could be lost. Move `trail.file` to a local disk.';

const BROKEN_ADVICE =
  'Nothing is appended to it. Keep the file as it is for an investigation (`npx nestjs-log-stream audit verify` ' +
  'says more), and start a new trail with another `trail.file`.';

export const entriesMissing = (file: string, covered: number, last: number): string =>
  `The audit trail ${file} ends at entry ${last}, but a signed checkpoint covers ${covered}: entries were removed, ` +
  `or an old copy was put back. ${BROKEN_ADVICE}`;

export const chainBroken = (file: string, seq: number): string =>
  `The audit trail ${file} was changed: entry ${seq} does not fit the hash chain. ${BROKEN_ADVICE}`;

export const checkpointBroken = (file: string, size: number): string =>
  `The audit trail ${file} was changed: its checkpoint over ${size} entries is not what was signed. ${BROKEN_ADVICE}`;

export const anchorDiffers = (file: string, anchors: string, size: number): string =>
  `The audit trail ${file} is not the one that the anchor file ${anchors} describes: they differ at entry ${size}, ` +
  `or the trail ends before it. It was written anew, cut, or an old copy was put back. ${BROKEN_ADVICE}`;

export const trailMissing = (file: string, anchors: string, trail: string, size: number): string =>
  `The audit trail ${file} is empty, but the anchor file ${anchors} knows of ${size} entries of a trail ${trail}: the ` +
  'file was deleted, or another one was put in its place. Put it back; to begin a new trail, move the anchor file to ' +
  'where auditors find it.';

export const keyChanged = (file: string, known: string): string =>
  `The audit trail ${file} was signed with another key so far (${known}). Give that key back in \`trail.key\` or ` +
  '`<file>.key`; to rotate, give it as `trail.previousKey`; if it is lost, set `trail.acceptNewKey: true` once, ' +
  'which auditors will see.';

export const previousKeyWrong = (file: string, known: string): string =>
  `\`trail.previousKey\` is not the key that signed the audit trail ${file} so far (${known}). Give that one.`;

export const queueFull = (limit: number): string =>
  `${limit} audit entries wait for their commit, as many as the option \`trail.queue\` allows.`;

export const lowSpace = (file: string, free: number, low: number): string =>
  `The disk of the audit trail ${file} has ${free} bytes left, less than \`trail.space.lowBytes\` (${low}): new ` +
  'intents are refused while the rest of it can still take what is under way. Free some space.';

export const replaced = (file: string): string =>
  `The audit trail ${file} was deleted or replaced while it was open. Nothing more is stored: what is written now ` +
  'would go to a file that nobody can find. Put the file back and restart.';

export const crashed = (file: string, error: unknown): string =>
  `The worker thread of the audit trail ${file} ended (${textOf(error)}). Nothing more is stored; restart.`;

export const closed = (file: string): string => `The audit trail ${file} is closed.`;

export const invalidEntry = (error: unknown): string => `An audit entry cannot be stored: ${textOf(error)}`;

export const sameIdOtherContent = (id: string): string =>
  `another entry with the id ${id} is stored already. Give every entry an id of its own.`;

export const entryTooLarge = (characters: number, limit: number): string =>
  `it has ${characters} characters, more than ${limit}.`;

export const entryMustHave = (field: string, expected: string): string =>
  `its \`${field}\` must be ${expected}.`;

export const queryMustBe = (field: string, expected: string): string =>
  `The field \`${field}\` of a trail query must be ${expected}.`;

export const queryUnknown = (field: string, known: readonly string[]): string =>
  `A trail query has no field \`${field}\`. Known fields: ${known.join(', ')}.`;

export const nothingCovered = (): string => 'A prune needs `olderThan` or `keepBytes`.';

export const pruneBoundWrong = (field: string, expected: string): string =>
  `The field \`${field}\` of a prune must be ${expected}.`;

export const holdUnknown = (hold: string): string => `There is no active hold with the id ${hold}.`;

export const holdMustBe = (field: string, expected: string): string =>
  `The field \`${field}\` of a hold must be ${expected}.`;

const MEANINGS: Partial<Record<TrailErrorCode, string>> = {
  full: 'the disk is full. Free some space',
  io: 'the disk reported an error. Look at the system log',
  read_only: 'it is read-only. Let this user write to the file and its directory',
  busy: 'another process holds a lock on it. Close it there',
  corrupt: 'it was damaged or another process wrote to it. Verify it and restore a copy',
  not_a_trail: 'it is no SQLite database. Change the option `trail.file`',
};

/** What an error of SQLite means for the file. */
export const describeError = (code: TrailErrorCode, file: string, error: unknown): string =>
  `The audit trail ${file} cannot be used: ${MEANINGS[code] ?? 'an unknown error'} (${textOf(error)}).`;

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export const keyIsAnOption = (): string =>
  'The key of this audit trail is given by the option `trail.key`: give the next one as PEM text, and put it into ' +
  'the option for the next start.';

export const foreignWriter = (file: string): string =>
  `The audit trail ${file} does not end where this process left it: something else wrote to it, or a write that ` +
  'failed reached the disk. Nothing more is stored; restart, which checks the trail from its last checkpoint.';

export const listenerThrew = (error: unknown): string =>
  `A listener of the audit trail, or its \`anchors\` function, failed (${textOf(error)}). ` +
  'It gets the next event; further failures are not repeated.';

export const anchorsUnreadable = (file: string, error: unknown): string =>
  `The anchors in ${file} cannot be read (${error instanceof Error ? error.message : String(error)}). ` +
  'Check the path and that this user may read it.';

export const trailKeyUnreadable = (file: string, error: unknown): string =>
  `The audit trail ${file} names no key that can be read (${error instanceof Error ? error.message : String(error)}): ` +
  'nothing could be verified.';

export const verificationStopped = (file: string): string =>
  `The verification of the audit trail ${file} was stopped before its end: it says nothing of the trail.`;

export const verificationCrashed = (file: string, reason: unknown): string =>
  `The verification of the audit trail ${file} ended without a report ` +
  `(${reason instanceof Error ? reason.message : String(reason)}).`;

export const damagedPayload = (seq: number, problem: string): string =>
  `Entry ${seq} is not what was stored: its payload ${problem}. \`npx nestjs-log-stream audit verify\` says more.`;

export const foundByOther = (seq: number): string =>
  `Entry ${seq} was found by what it does not say: what it is found by was changed, or it was moved.`;

export const damagedChain = (seq: number): string =>
  `Entry ${seq} is not what was stored: it does not fit the hash chain.`;

export const payloadBroken = (file: string, seq: number, problem: string): string =>
  `The audit trail ${file} was changed: the payload of entry ${seq} ${problem}. ${BROKEN_ADVICE}`;

export const schemaChanged = (file: string, what: string): string =>
  `The audit trail ${file} has tables that no trail has (${what}): what is found in it may not be what was stored. ` +
  BROKEN_ADVICE;

export const schemaExtra = (name: string): string => `${name} was added`;
export const schemaMissing = (name: string): string => `${name} is missing`;
export const schemaOther = (name: string): string => `${name} was changed`;

export const oddFormat = (file: string, format: number): string =>
  `The audit trail ${file} says that it has format ${format}, which no version has written. ${BROKEN_ADVICE}`;

export const payloadUnreadable = (file: string): string =>
  `The audit trail ${file} was changed: the payload of an entry is no JSON. \`npx nestjs-log-stream audit verify\` says ` +
  'which.';

export const severalNames = (file: string, links: number): string =>
  `The audit trail ${file} has ${links} names (hard links). Who opens it by another one finds neither its log nor its ` +
  'lock, and what one of them acknowledges is lost. Remove the other names (`find -samefile`), or copy the file and name ' +
  'the copy in `trail.file`.';

export const mountOfItsOwn = (file: string): string =>
  `The audit trail ${file} is a mount of its own (a single file that is mounted into a container). Its log and its lock ` +
  'lie beside it, outside of that mount, where no other container sees them, and they are gone with this one: what was ' +
  'acknowledged would be lost. Mount its directory instead.';

export const mountsUnreadable = (file: string, error: unknown): string =>
  `Whether the audit trail ${file} is a mount of its own cannot be told: /proc/self/mountinfo cannot be read ` +
  `(${textOf(error)}). Make sure that its directory is mounted, not the file alone.`;

export const onTheNetwork = (file: string, fileSystem: string): string =>
  `The audit trail ${file} lies on a network file system (${fileSystem}). Whether one writer at a time is kept there, and ` +
  'whether what is acknowledged is on a disk, is up to that server; the command line on another machine may see an older ' +
  'state. Put it on a disk of this machine, or on a volume that one node mounts at a time (`ReadWriteOncePod`).';

export const besideLink = (found: string, wanted: string): string =>
  `\`trail.file\` is a symbolic link, and what belongs to the trail is now kept beside the file that it leads to, so that ` +
  `it is the same by every name. Move ${found} to ${wanted}, or remove it if it is of another trail.`;

export const takenOver = (file: string): string =>
  `Another process has opened the audit trail ${file} for writing, although this one has its lock: a process loses its ` +
  'locks when it reads and closes a file beside the trail (a backup by this application, for example). Nothing more is ' +
  'stored here. End one of the two; back up by `VACUUM INTO` or `audit export`.';

export const symbolicLink = (path: string): string =>
  `${path} is a symbolic link. Nothing is written by way of it, as somebody else can have put it there. Remove it, or ` +
  'name the file that is meant by the option.';

export const notAFile = (path: string): string =>
  `${path} is no file. Remove it, or name another one by the option.`;

export const modeStays = (
  path: string,
  { mode, uid }: { readonly mode: number; readonly uid: number },
): string =>
  `${path} belongs to another user (${uid}), so its mode stays ${(mode & 0o777).toString(8)}: whoever may read it by ` +
  'that can read the audit trail. Run the application as its owner.';
