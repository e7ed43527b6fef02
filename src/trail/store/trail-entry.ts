import { type PlainObject } from '../../wire/plain-value.js';

/**
 * What an entry is: a `record` of the audit stream; the `intent` of a call that must not run unrecorded; a `gap` where
 * records could not be stored; `pruned` in the place of what a retention deleted; `key` when the signing key changed;
 * `hold` and `release` of what must not be pruned.
 *
 * @publicApi
 */
export type TrailEntryKind = 'record' | 'intent' | 'gap' | 'pruned' | 'key' | 'hold' | 'release';

export const TRAIL_ENTRY_KINDS: readonly TrailEntryKind[] = [
  'record',
  'intent',
  'gap',
  'pruned',
  'key',
  'hold',
  'release',
];

/** Position of a record in the stream of the process that logged it. */
export interface StreamPosition {
  readonly epoch: string;
  readonly seq: number;
}

/** An entry before the trail gave it its place. */
export interface NewEntry {
  readonly kind: TrailEntryKind;
  /** `null` for what comes from no record of a stream. */
  readonly stream: StreamPosition | null;
  /** Name of the process. */
  readonly instance: string;
  /**
   * Plain JSON, redacted. A text `id` in it is the id of the entry, which is stored once however often it is appended;
   * without one it gets a UUIDv7. Without a text `timestamp` it gets the current time.
   */
  readonly data: PlainObject;
}

/**
 * A stored entry.
 *
 * @publicApi
 */
export interface TrailEntry {
  readonly seq: number;
  readonly kind: TrailEntryKind;
  readonly stream: StreamPosition | null;
  readonly instance: string;
  readonly data: PlainObject;
  /** The hash chain up to and with the entry, as 64 hexadecimal digits. */
  readonly hash: string;
  /** The stored text, canonical JSON (RFC 8785): what was hashed. */
  readonly payload: string;
}

/** A row as the file has it. */
export interface StoredEntry {
  readonly seq: number;
  readonly payload: string;
  /** 32 bytes. */
  readonly chain: Uint8Array;
}

/** The entry that a row holds; its payload was canonical JSON when it was stored. */
export function entryOf({ seq, payload, chain }: StoredEntry): TrailEntry {
  const { kind, stream, instance, data } = JSON.parse(payload) as TrailEntry;
  return { seq, kind, stream, instance, data, hash: Buffer.from(chain).toString('hex'), payload };
}
