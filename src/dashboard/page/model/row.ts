import { LOG_CATEGORIES, type LogCategory } from '../../../wire/category.js';
import { type LogLevel } from '../../../wire/level.js';
import { type TrailEntryAnswer } from '../../../wire/trail-answers.js';

export { LOG_CATEGORIES as CATEGORIES, type LogCategory as Category };

/** A record's `data`, as it is on the wire. */
export interface RecordData {
  readonly timestamp: string;
  readonly level: LogLevel;
  readonly logger: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

export interface RecordRow {
  readonly kind: 'record';
  readonly key: number;
  readonly seq: number;
  /** The run of the application that it comes from; '' where nobody knows. */
  readonly epoch: string;
  readonly category: LogCategory;
  readonly data: RecordData;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Stands for so many in a row that say the same. */
  readonly repeats?: Repeats;
  /** Where it stands in the audit trail, for one that was found there. */
  readonly entry?: EntryFacts;
  /** Everything that a search looks at, as letters are compared; written by the first search. */
  searchText?: string;
}

export interface Repeats {
  readonly count: number;
  /** From the first to the last, in milliseconds. */
  readonly spanMs: number;
  /** Key of the last. */
  readonly last: number;
}

/** What the trail says of an entry beside the record in it. */
export type EntryFacts = Omit<TrailEntryAnswer, 'seq'>;

/** Records that this page was not given. */
export interface GapRow {
  readonly kind: 'gap';
  readonly key: number;
  /** First and last missing `seq`. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly reason: string;
  readonly state: GapState;
}

/** `fetchable`: the server may still have them. `gone`: nobody has. */
export type GapState = 'fetchable' | 'fetching' | 'gone';

/** Something that happened to the stream itself: the application restarted, records were lost. */
export interface NoticeRow {
  readonly kind: 'notice';
  readonly key: number;
  readonly text: string;
  readonly severity: 'info' | 'loss';
}

export type Row = RecordRow | GapRow | NoticeRow;

/** More than a process will ever count to, and yet 2^53 has room for thousands of processes. */
const SEQS_PER_EPOCH = 2 ** 40;

/**
 * Orders rows over restarts of the application, whose `seq` begins anew with each, and names them for good: the list
 * measures and anchors by it.
 *
 * @param epoch how many restarts this page has seen
 */
export function rowKey(epoch: number, seq: number): number {
  return epoch * SEQS_PER_EPOCH + seq;
}

/** @returns where a row with this key stands, or belongs, in rows that are sorted by key */
export function positionOf(rows: readonly Row[], key: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle]!.key < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
