import { type Verdict } from '../../trail/evidence/verify/verdict.js';

const count = (number: number, noun: string, nouns = `${noun}s`): string =>
  number === 1 ? `1 ${noun}` : `${number} ${nouns}`;
const entries = (number: number): string => count(number, 'entry', 'entries');

export const noFile = (file: string): string => `There is no file ${file}.`;

export const unreadable = (file: string, why: string): string => `${file} cannot be read: ${why}`;

export const neitherTrailNorExport = (file: string): string =>
  `${file} is neither an audit trail nor an export of one: a trail is a SQLite database, and the first line of an ` +
  'export is {"type":"trail", ...}.';

export const isAnExport = (file: string): string =>
  `${file} is an export. It can be verified; this command needs the trail itself.`;

export const sqliteNeeded = (version: string): string =>
  `This needs the built-in node:sqlite, which this Node (${version}) does not have: run it by Node 22.13 or later. ` +
  'With this one, `audit verify` of an NDJSON export works.';

export const inUse = (file: string, instead: string): string =>
  `The audit trail ${file} is open for writing, by the application or another command, and a trail has one writer. ` +
  instead;

export const PRUNE_IN_APP =
  'Let the application do it, by the option `trail.retention` or `AuditTrail.prune()`, or stop it first. ' +
  '--dry-run works meanwhile.';

export const HOLD_IN_APP = 'Let the application do it, by `AuditTrail.holds`, or stop it first.';

export const otherOwner = (file: string, owner: number): string =>
  `${file} belongs to another user (${owner}). Run this as that one: files that it makes would lock the application ` +
  'out.';

export const keyFileUnreadable = (path: string, why: string): string =>
  `The key file ${path} cannot be used: ${why} It must hold the private Ed25519 key of the trail, as PEM.`;

export const keyFileOfOther = (path: string, file: string, known: string): string =>
  `The key in ${path} is not the one that signs ${file} (${known}). Give that one.`;

export const keyMissing = (file: string): string =>
  `There is no key that signs ${file} in ${file}.key. Give it by --key-file.`;

export const badKey = (text: string, why: string): string =>
  `'${text}' is no verifier key and no file of such keys: ${why}`;

export const NO_KEYS = 'it holds none.';

export const BAD_BYTES = 'It must be a number of bytes, as 500000000 or 500MiB.';

export const BAD_KINDS = (kinds: readonly string[]): string =>
  `It must be one or several, separated by commas, of ${kinds.join(', ')}.`;

export const tooMany = (most: number): string => `It must be at most ${most}.`;

export const LAST_AND_LIMIT =
  '--last says how many, and which: it does not go together with --limit, --order, --after or --before.';

export const FILTERED_NDJSON =
  'An export as NDJSON is of the whole trail, so that it can be verified. For some entries only, use --format csv or ' +
  '`audit query --json`.';

export const outputExists = (path: string): string =>
  `${path} exists already. Give another --out, or remove it first.`;

export const cannotWrite = (path: string, why: string): string => `${path} cannot be written: ${why}`;

export const exported = (entryCount: number, path: string, trail: string): string =>
  `${entries(entryCount)} of the trail ${trail} written to ${path}.`;

export const doneBut = (problem: unknown): string =>
  `It was done, but something is left: ${problem instanceof Error ? problem.message : String(problem)} The next ` +
  'start of the application, or command that writes, tries it again.';

export const PRUNE_WHAT = 'Say what may go: --older-than, --keep-bytes, or both.';

export const SAY_YES = 'Nothing was deleted. Add --yes to do it.';

export const moreDamaged = (number: number): string => `And ${entries(number)} more.`;

export const nothingToPrune = (held: number): string =>
  held === 0
    ? 'Nothing to delete: no signed part at the beginning of the trail is that old, or too much.'
    : `Nothing to delete: what could go is held (${count(held, 'hold')}).`;

export const wouldPrune = (from: number, through: number, times: string): string =>
  `Would delete entries ${from} to ${through}${times}.`;

export const pruned = (from: number, through: number): string =>
  `Deleted entries ${from} to ${through}. A signed entry says so, and the rest still verifies.`;

export const held = (ids: readonly string[]): string =>
  `More would go but for ${count(ids.length, 'hold')}: ${ids.join(', ')}`;

export const appSigns = (size: number, last: number): string =>
  `The application has the trail open and signs by itself. Its newest checkpoint is over ${size} of ${entries(last)}.`;

export const NOTHING_SIGNED_YET =
  'The application has the trail open, and has signed nothing yet: it does within a minute of the first entry.';

export const NO_HOLDS = 'Nothing is held.';

export const placed = (hold: string): string =>
  `Held, as ${hold}. Nothing of it is pruned until it is released.`;
export const released = (hold: string): string => `Released: ${hold}.`;

/** Verdicts as words. */
export const VERDICT_TEXTS: Readonly<Record<Verdict, string>> = {
  ok: 'OK',
  altered: 'ALTERED',
  out_of_sequence: 'GAP, REORDER OR FORK',
  truncated: 'TRUNCATED',
  rewritten: 'REWRITTEN',
  bad_key: 'BAD KEY',
};

export const headline = (what: 'trail' | 'export', file: string, trail: string): string =>
  `${what} ${trail} in ${file}`;

export const read = (
  number: number,
  { prunedThrough, last }: { readonly prunedThrough: number; readonly last: number },
): string => {
  const span = number === 0 ? '' : `, ${prunedThrough + 1} to ${last}`;
  const gone = prunedThrough === 0 ? '' : `; up to ${prunedThrough} pruned`;
  return `${entries(number)}${span}${gone}`;
};

export const fits = 'every hash fits, none is missing, moved or twice';
export const doesNotFit = (first: number): string => `not as they were stored, from entry ${first} on`;

export const signed = (through: number, agree: number, given: number): string =>
  given === 0
    ? 'no checkpoint'
    : `${through === 0 ? 'no entry' : `unaltered through entry ${through}`}, by ${agree} of ${count(given, 'checkpoint')}`;

export const anchored = (through: number, agree: number, given: number, from: string): string =>
  `${through === 0 ? 'no entry' : `unaltered through entry ${through}`}, by ${agree} of ${count(given, 'anchor')} in ${from}`;

export const NO_ANCHOR_FILE = 'no anchors given';

export const keyGiven = (vkey: string): string => `${vkey} (leads from a key that you gave)`;
export const keyForeign = (vkey: string): string =>
  `${vkey} (no key that you gave, and none hands over to it)`;
export const keyFirstUse = (vkey: string): string => `${vkey} (as the trail itself says)`;

export const moreFindings = (number: number): string =>
  `and ${number} more; --json has the first hundred of all`;

export const besideTrail = (file: string): string =>
  `The anchors in ${file} lie beside the trail: who can change one can change both. Keep a copy elsewhere and give it ` +
  'by --anchors.';

export const NO_POSTGRES_URL =
  'A trail is initialised in PostgreSQL only: give its URL, as postgres://user@host/database.';

export const initialised = (schema: string, name: string): string =>
  `The audit trail in the schema ${schema} of ${name} is ready. Grant ${schema}_app to the user of the application, ` +
  `${schema}_signer to who signs, and ${schema}_reader to an auditor.`;
