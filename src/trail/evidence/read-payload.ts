import { isUtf8 } from 'node:buffer';
import { findNonCanonical } from './canonical-scan.js';
import { noUtf8, notCanonical, notShaped } from './evidence.messages.js';

/** What a payload says, when it is the canonical text of an entry. */
export interface EntryPayload {
  readonly v: number;
  readonly seq: number;
  readonly kind: string;
  readonly stream: { readonly epoch: string; readonly seq: number } | null;
  readonly instance: string;
  readonly data: { readonly [field: string]: unknown };
}

/** A payload that was read, or why it is none, as half a sentence: `is not ..., at character 7`. */
export type ReadPayload = { readonly entry: EntryPayload } | { readonly problem: string };

/** The version that this program knows all keys of. */
const VERSION = 1;
const KEYS = 'data,instance,kind,seq,stream,v';
const KIND = /^[a-z]{1,32}$/;

/**
 * Reads a payload and believes nothing of it: it must be the canonical text of what it says (RFC 8785). Otherwise one
 * program may read another thing in it than the next (of a key that is there twice SQLite takes the first, `JSON.parse`
 * the last), and a hash that fits says nothing of what was meant.
 *
 * @param payload text, or its bytes as they are stored
 */
export function readPayload(payload: string | Uint8Array): ReadPayload {
  const text = textOf(payload);
  if (text === undefined) return { problem: noUtf8() };
  let value: unknown;
  try {
    value = JSON.parse(text);
    if (!isCanonical(text, value)) return { problem: problemOf(text) };
  } catch {
    // No JSON, or nested too deeply to be printed.
    return { problem: problemOf(text) };
  }
  const field = misshapen(value);
  return field === undefined ? { entry: value as EntryPayload } : { problem: notShaped(field) };
}

function textOf(payload: string | Uint8Array): string | undefined {
  if (typeof payload === 'string') return payload;
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  return isUtf8(bytes) ? bytes.toString() : undefined;
}

/** Natively, as every entry of a trail comes through here; where that is not enough, character by character. */
function isCanonical(text: string, value: unknown): boolean {
  // Half of a surrogate pair is printed as the escape that it may have been read from.
  const isPrinted = JSON.stringify(value) === text && !text.includes('\\ud');
  return (isPrinted && isSorted(value)) || findNonCanonical(text) === undefined;
}

function isSorted(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isSorted);
  let before: string | undefined;
  for (const key of Object.keys(value)) {
    if (before !== undefined && key < before) return false;
    before = key;
    if (!isSorted((value as { readonly [key: string]: unknown })[key])) return false;
  }
  return true;
}

function problemOf(text: string): string {
  const { at = 0, path = '$', what = '' } = findNonCanonical(text) ?? {};
  return notCanonical(at + 1, path, what);
}

/** @returns the field that is not what the field of an entry is */
function misshapen(value: unknown): string | undefined {
  if (!isObject(value)) return '$';
  const { v, seq, kind, stream, instance, data } = value;
  if (typeof v !== 'number' || v < VERSION) return '$.v';
  if (!Number.isSafeInteger(seq) || (seq as number) < 1) return '$.seq';
  if (typeof kind !== 'string' || !KIND.test(kind)) return '$.kind';
  // A later version may have other keys.
  if (v > VERSION) return undefined;
  if (Object.keys(value).join(',') !== KEYS) return '$';
  if (stream !== null && !isPosition(stream)) return '$.stream';
  if (typeof instance !== 'string') return '$.instance';
  return isObject(data) ? undefined : '$.data';
}

function isPosition(stream: unknown): boolean {
  if (!isObject(stream) || Object.keys(stream).join(',') !== 'epoch,seq') return false;
  return typeof stream.epoch === 'string' && Number.isSafeInteger(stream.seq);
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
