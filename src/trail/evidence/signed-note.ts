import { malformedNote, noteProblem } from './evidence.messages.js';
import { exactBase64 } from './exact-base64.js';
import { type SigningKey } from './signing-key.js';
import { isKeyName, type VerifyingKey } from './verifying-key.js';
import { isWellFormed } from './well-formed.js';

/** C2SP signed-note asks for at least 16 signatures; both bound what a forged note costs its reader. */
const MOST_SIGNATURES = 64;
const LONGEST_NOTE = 65_536;

const DASH = '\u2014';
const ID_BYTES = 4;

/** One signature line of a note. */
export interface NoteSignature {
  /** Name of the key. */
  readonly name: string;
  /** Id of the key: 4 bytes. */
  readonly id: Buffer;
  readonly signature: Buffer;
}

/** A note, taken apart and believed in nothing yet. */
export interface SignedNote {
  /** What is signed, with its final line feed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** What a key says of a note: `absent` when none of its signatures is of that key. */
export type SignatureCheck = 'valid' | 'invalid' | 'absent';

/** A note that is none. The message says by which rule. */
export class MalformedNoteError extends Error {
  override readonly name = 'MalformedNoteError';

  constructor(readonly problem: string) {
    super(malformedNote(problem));
  }
}

/**
 * Signs a text (C2SP signed-note).
 *
 * @param text lines, each with its line feed
 */
export function signNote(text: string, keys: readonly SigningKey[]): string {
  const bytes = Buffer.from(text);
  const lines = keys.map((key) => {
    const signature = Buffer.concat([key.verifyingKey.id, key.sign(bytes)]);
    return `${DASH} ${key.name} ${signature.toString('base64')}\n`;
  });
  return `${text}\n${lines.join('')}`;
}

/**
 * Takes a note apart.
 *
 * @throws MalformedNoteError
 */
export function parseNote(note: string): SignedNote {
  if (Buffer.byteLength(note) > LONGEST_NOTE) refuse(noteProblem.tooLong(LONGEST_NOTE));
  if (!isWellFormed(note)) refuse(noteProblem.surrogate);
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u0009\u000b-\u001f]/.test(note)) refuse(noteProblem.control);
  if (!note.endsWith('\n')) refuse(noteProblem.noFinalNewline);
  // The text may have blank lines: the last one ends it.
  const end = note.lastIndexOf('\n\n');
  if (end === -1 || end === note.length - 2) refuse(noteProblem.noSignatures);
  if (end === 0) refuse(noteProblem.noText);
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > MOST_SIGNATURES) refuse(noteProblem.tooManySignatures(MOST_SIGNATURES));
  return {
    text: note.slice(0, end + 1),
    signatures: lines.map(
      (line, index) => parseSignature(line) ?? refuse(noteProblem.signatureLine(index + 1)),
    ),
  };
}

/**
 * Checks the signature of one key. One that fails spoils the note, also beside one that holds: C2SP has a note with
 * a false signature of a known key rejected.
 */
export function checkSignature(note: SignedNote, key: VerifyingKey): SignatureCheck {
  const own = note.signatures.filter(({ name, id }) => name === key.name && key.id.equals(id));
  if (own.length === 0) return 'absent';
  const bytes = Buffer.from(note.text);
  return own.every(({ signature }) => key.verifies(bytes, signature)) ? 'valid' : 'invalid';
}

function parseSignature(line: string): NoteSignature | undefined {
  const [dash, name = '', base64 = '', ...rest] = line.split(' ');
  const bytes = exactBase64(base64);
  if (dash !== DASH || !isKeyName(name) || rest.length > 0 || !bytes || bytes.length <= ID_BYTES)
    return undefined;
  return { name, id: bytes.subarray(0, ID_BYTES), signature: bytes.subarray(ID_BYTES) };
}

function refuse(problem: string): never {
  throw new MalformedNoteError(problem);
}
