import { type RecordHistory } from '../../stream/record-source.js';
import { SCANNED_RECORDS } from '../../subscription/chunk-reader.js';
import { compileFilters } from '../../wire/filter/compile-filter.js';
import { type FilterSpec } from '../../wire/filter/filter-spec.js';
import { Slice } from '../../subscription/slice.js';
import { recordItem } from './batch-framing.js';
import { type RecordText } from './record-text.js';

/** Bytes of records after which an answer is cut, so that one request cannot build a huge message. */
export const ANSWER_BYTES = 1024 * 1024;

/** How long an answer is searched for before it is cut, in milliseconds: the client may ask for the rest. */
const ANSWER_MS = 5;

export interface HistoryRange {
  readonly from: number;
  /** The last sequence number wanted; the newest without it. */
  readonly to?: number;
  readonly limit: number;
}

/**
 * Answers a `history` request, as JSON: the records of a range that are still in the history and pass the
 * client's filters, and how many of the range are not there any more.
 */
export function historyAnswer(
  range: HistoryRange,
  filters: readonly FilterSpec[],
  history: RecordHistory,
  text: RecordText,
): string {
  const passes = compileFilters(filters) ?? (() => true);
  const end = Math.min(range.to === undefined ? history.end : range.to + 1, history.end);
  const start = Math.max(range.from, history.start);
  const stop = Math.min(end, start + SCANNED_RECORDS);
  const slice = new Slice(ANSWER_MS);
  const records: string[] = [];
  let bytes = 0;
  let next = start;
  for (; next < stop && records.length < range.limit && bytes < ANSWER_BYTES; next++) {
    if (slice.isOver) break;
    const record = history.at(next)!;
    if (!passes(record)) {
      slice.inVain();
      continue;
    }
    const item = recordItem(record, text);
    records.push(item);
    bytes += item.length;
  }
  const missing = Math.max(0, Math.min(start, end) - range.from);
  const more = next < end ? `,"next":${next}` : '';
  return `{"records":[${records.join(',')}],"missing":${missing}${more}}`;
}
