export const notPlain = (path: string, found: string): string =>
  `An audit payload must be plain JSON, but ${path} is ${found}. ` +
  'Make it a string, number, boolean, null, array or plain object first.';

export const frontierDoesNotFit = (size: number, expected: number, found: number): string =>
  `The frontier of a Merkle tree of ${size} leaves has ${expected} hashes of 32 bytes each, not ${found}. ` +
  'Take the size and the frontier from the same state.';

export const BAD_KEY_NAME =
  'The name of a signing key must not be empty and has no spaces, no "+" and no control characters.';

export const BAD_TRAIL_ID =
  'The id of a trail must not be empty and has no spaces, no "+" and no control characters.';

export const NOT_ED25519 =
  'The signing key of the audit trail must be a private Ed25519 key as PEM (PKCS#8). ' +
  'Make one with: openssl genpkey -algorithm ed25519';

export const badVerifierKey = (text: string, why: string): string =>
  `"${text}" is no verifier key: ${why}. It looks like name+0123abcd+base64, in one piece.`;

export const keyFileReadable = (path: string, mode: number): string =>
  `The signing key ${path} can be read by others than its owner (mode ${(mode & 0o777).toString(8)}), who could then ` +
  `sign a rewritten trail. Run: chmod 600 ${path}, or give the key by the option \`trail.key\`, from a secret store.`;

export const keyModeSetBack = (path: string, mode: number): string =>
  `The signing key ${path} could be read by its group (mode ${(mode & 0o777).toString(8)}), and was set back to 600. ` +
  'Kubernetes does that at every mount of a volume with an `fsGroup`, unless `fsGroupChangePolicy: OnRootMismatch` is ' +
  'set. Who is in that group could have copied the key: rotate it, or give one by `trail.key`.';

export const keyFileUnusable = (path: string, why: string): string =>
  `The signing key ${path} cannot be used: ${why} ` +
  'Put the right key there, or name another trail file; a new key cannot sign for the old one.';

/** What is wrong with a signed note. */
export const noteProblem = {
  tooLong: (bytes: number) => `is longer than ${bytes} bytes`,
  control: 'has a control character other than a line feed',
  surrogate: 'is not well-formed Unicode',
  noFinalNewline: 'does not end with a line feed: it was cut off',
  noSignatures: 'has no signatures: no blank line, or nothing after the last one',
  noText: 'has no text',
  tooManySignatures: (count: number) => `has more than ${count} signatures`,
  signatureLine: (line: number) => `has a signature line that is none (number ${line} of them)`,
  origin: (prefix: string) => `has an origin that is not "${prefix}<trail id>"`,
  size: 'has a size that is no decimal number without leading zeros',
  root: 'has a root that is not the base64 of 32 bytes',
  chain: 'has no line "chain <base64 of 32 bytes>" after the root',
  time: 'has no line "time <ISO 8601, UTC, milliseconds>" after the chain',
  nextKey: 'has a line "key" without a verifier key',
  emptyLine: 'has an empty line in its text',
};

export const malformedNote = (problem: string): string => `The note ${problem}.`;

export const lineTooLong = (bytes: number): string =>
  `A line is longer than ${bytes} bytes: this is no export of an audit trail.`;

export const NO_EXPORT =
  'This is no export of an audit trail: its first line is not {"type":"trail", ...}. ' +
  'Make one with: nestjs-log-stream audit export';

export const otherExportVersion = (version: unknown, known: number): string =>
  `The export is of version ${String(version)}, and this program reads version ${known}. Verify it with a newer one.`;

/** What is wrong with a text that should be canonical JSON, as half a sentence. */
export const nonCanonical = {
  noJson: 'is something that no JSON has',
  cutOff: 'the text ends',
  behindTheEnd: 'something follows the value',
  whiteSpace: 'is white space',
  duplicateKey: (key: string) => `the key ${quoted(key)} is there twice`,
  keyOrder: (key: string, before: string) => `the key ${quoted(key)} comes after ${quoted(before)}`,
  number: (found: string, written: string) =>
    `a number is written ${quoted(found)}${Number.isFinite(Number(written)) ? `, and not ${quoted(written)}` : ''}`,
  escape: (found: string) => `a character is escaped as ${quoted(found)}, which has another form`,
  halfPair: 'is half of a surrogate pair',
  tooDeep: (levels: number) => `values are nested deeper than ${levels} levels`,
};

/** Enough to know it by: a payload may hold what a report should not. */
const quoted = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);

export const notCanonical = (character: number, path: string, what: string): string =>
  `is not canonical JSON (RFC 8785): at character ${character}, in ${path}, ${what}`;

export const noUtf8 = (): string => 'is not canonical JSON (RFC 8785): it has bytes that are no UTF-8';

export const notShaped = (path: string): string =>
  `is canonical JSON, but no entry: ${path} is missing or another thing`;
