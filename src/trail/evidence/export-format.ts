import { NO_EXPORT, otherExportVersion } from './evidence.messages.js';
import { exactHash, formatStart, parseStart, FIRST_START, type StartState } from './start-state.js';
import { type StoredEntry } from './verify/stored-entry.js';
import { isWellFormed } from './well-formed.js';

/** Version of the format: another one cannot be read by those who read this one. */
export const EXPORT_VERSION = 1;

/** First line of an export. */
export interface ExportHeader {
  /** Id of the trail. */
  readonly trail: string;
  /** Verifier keys as the trail names them, the one in force at the start first. An auditor should know them already. */
  readonly keys: readonly string[];
  /** What was pruned before the first entry. */
  readonly start: StartState;
}

/** Any other line of an export. */
export type ExportLine =
  | { readonly type: 'entry'; readonly entry: StoredEntry }
  | { readonly type: 'checkpoint'; readonly note: string }
  | { readonly type: 'end'; readonly last: number };

/** What stands where an export should begin is none: nothing can be verified. */
export class ExportError extends Error {
  override readonly name = 'ExportError';
}

/*
 * An export is NDJSON, in UTF-8, one object a line, from which an auditor needs nothing else but a key and anchors:
 *
 *     {"type":"trail","version":1,"trail":"<id>","vkeys":["..."],"start":null or {"through","chain","frontier","handovers"}}
 *     {"type":"entry","seq":1,"payload":"<the canonical text, verbatim, as a string>","chain":"<64 hexadecimal digits>"}
 *     {"type":"checkpoint","note":"<the signed note>"}      right behind the last entry that it covers
 *     {"type":"end","last":58}                              so that an export that was cut off shows
 */

/** @returns the line, without its line feed, as the following */
export function headerLine({ trail, keys, start }: ExportHeader): string {
  return JSON.stringify({
    type: 'trail',
    version: EXPORT_VERSION,
    trail,
    vkeys: keys,
    start: start.through === 0 ? null : formatStart(start),
  });
}

export function entryLine({ seq, payload, chain }: StoredEntry): string {
  const text = typeof payload === 'string' ? payload : Buffer.from(payload).toString();
  return JSON.stringify({ type: 'entry', seq, payload: text, chain: Buffer.from(chain).toString('hex') });
}

export function checkpointLine(note: string): string {
  return JSON.stringify({ type: 'checkpoint', note });
}

/** @param last `seq` of the last entry */
export function endLine(last: number): string {
  return JSON.stringify({ type: 'end', last });
}

/** @throws ExportError */
export function parseHeader(line: string): ExportHeader {
  const { type, version, trail, vkeys, start } = parseObject(line);
  if (type !== 'trail' || typeof trail !== 'string') throw new ExportError(NO_EXPORT);
  if (version !== EXPORT_VERSION) throw new ExportError(otherExportVersion(version, EXPORT_VERSION));
  const state = start === null ? FIRST_START : parseStart(start);
  if (!state || !Array.isArray(vkeys) || !vkeys.every((vkey) => typeof vkey === 'string'))
    throw new ExportError(NO_EXPORT);
  return { trail, keys: vkeys, start: state };
}

/** @returns `undefined` when it is no such line */
export function parseLine(line: string): ExportLine | undefined {
  const { type, seq, payload, chain, note, last } = parseObject(line);
  switch (type) {
    case 'entry':
      return entryOf(seq, payload, exactHash(chain));
    case 'checkpoint':
      return typeof note === 'string' ? { type, note } : undefined;
    case 'end':
      return isCount(last) ? { type, last } : undefined;
    default:
      return undefined;
  }
}

function entryOf(seq: unknown, payload: unknown, chain: Buffer | undefined): ExportLine | undefined {
  // Half of a surrogate pair, written as an escape, would be hashed as the bytes of U+FFFD.
  if (!isCount(seq) || typeof payload !== 'string' || !chain || !isWellFormed(payload)) return undefined;
  return { type: 'entry', entry: { seq, payload, chain } };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function parseObject(line: string): { readonly [key: string]: unknown } {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as { readonly [key: string]: unknown }) : {};
  } catch {
    return {};
  }
}
