import { type Checkpoint } from './checkpoint.js';
import { BAD_TRAIL_ID, noteProblem } from './evidence.messages.js';
import { exactBase64 } from './exact-base64.js';
import { HASH_BYTES } from './hashes.js';
import { MalformedNoteError, parseNote, signNote, type SignedNote } from './signed-note.js';
import { type SigningKey } from './signing-key.js';
import { isKeyName, VerifyingKey } from './verifying-key.js';

const ORIGIN = 'nestjs-log-stream/audit/';
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** A checkpoint, taken apart and believed in nothing yet. */
export interface SignedCheckpoint extends SignedNote {
  readonly checkpoint: Checkpoint;
}

/** First line of the checkpoints of a trail, and the name of its keys. */
export function originOf(trail: string): string {
  return `${ORIGIN}${trail}`;
}

/**
 * Writes and signs a checkpoint as C2SP tlog-checkpoint has it, with three lines of its own:
 *
 *     nestjs-log-stream/audit/<trail id>
 *     <size>
 *     <root, base64>
 *     chain <base64>
 *     time <ISO 8601>
 *     key <verifier key>            only where the next key takes over
 *
 *     — <key name> <base64(key id || signature)>
 *
 * @param keys several when the key changes: the old and the new one
 * @throws TypeError when the trail's id cannot stand in a note
 */
export function signCheckpoint(checkpoint: Checkpoint, ...keys: readonly SigningKey[]): string {
  const { trail, size, root, chain, time, nextKey } = checkpoint;
  if (!isKeyName(trail)) throw new TypeError(BAD_TRAIL_ID);
  const lines = [
    originOf(trail),
    String(size),
    root.toString('base64'),
    `chain ${chain.toString('base64')}`,
    `time ${time}`,
    ...(nextKey === undefined ? [] : [`key ${nextKey}`]),
  ];
  return signNote(`${lines.join('\n')}\n`, keys);
}

/**
 * Takes a checkpoint apart. Lines after those above are left alone, for versions to come.
 *
 * @throws MalformedNoteError that says by which rule it is none
 */
export function parseCheckpoint(note: string): SignedCheckpoint {
  const signed = parseNote(note);
  const lines = signed.text.slice(0, -1).split('\n');
  const [origin = '', size = '', root = '', chain = '', time = '', next = ''] = lines;
  if (lines.includes('')) refuse(noteProblem.emptyLine);
  const trail = origin.startsWith(ORIGIN) ? origin.slice(ORIGIN.length) : '';
  const nextKey = after('key ', next);
  return {
    ...signed,
    checkpoint: {
      trail: isKeyName(trail) ? trail : refuse(noteProblem.origin(ORIGIN)),
      size: parseSize(size) ?? refuse(noteProblem.size),
      root: parseHash(root) ?? refuse(noteProblem.root),
      chain: parseHash(after('chain ', chain)) ?? refuse(noteProblem.chain),
      time: parseTime(after('time ', time)) ?? refuse(noteProblem.time),
      ...(nextKey === undefined ? {} : { nextKey: demandVerifierKey(nextKey) }),
    },
  };
}

function after(label: string, line: string): string | undefined {
  return line.startsWith(label) ? line.slice(label.length) : undefined;
}

function parseSize(text: string): number | undefined {
  const size = /^(?:0|[1-9]\d{0,15})$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(size) ? size : undefined;
}

function parseHash(text: string | undefined): Buffer | undefined {
  const bytes = text === undefined ? undefined : exactBase64(text);
  return bytes?.length === HASH_BYTES ? bytes : undefined;
}

function parseTime(text: string | undefined): string | undefined {
  return text !== undefined && TIME.test(text) ? text : undefined;
}

function demandVerifierKey(text: string): string {
  try {
    return VerifyingKey.parse(text).toString();
  } catch {
    return refuse(noteProblem.nextKey);
  }
}

function refuse(problem: string): never {
  throw new MalformedNoteError(problem);
}
