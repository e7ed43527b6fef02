import { type LogRecord } from '../../record/log-record.js';
import { type AuditKeeper, type StreamPlace } from '../../stream/audit-keeper.js';
import { type RecordSource } from '../../stream/record-source.js';
import { compileFilters } from '../../wire/filter/compile-filter.js';
import { ClientError } from '../../wire/client-error.js';
import { type FilterSpec } from '../../wire/filter/filter-spec.js';
import { recordItem } from './batch-framing.js';
import { ANSWER_BYTES, type HistoryRange } from './history-answer.js';
import { type RecordText } from './record-text.js';

/** Audit records that are read for one answer. */
const PAGE = 100;

/**
 * Answers the part of a `history` request that the history no longer has, as JSON, from what an audit keeper has of
 * this start of the application: audit records that pass the client's filters. All else of the range is missing.
 *
 * @returns `undefined` when the keeper has nothing of this start
 * @throws ClientError when it cannot be read now
 */
export async function keptAnswer(
  range: HistoryRange,
  filters: readonly FilterSpec[],
  { history, cursors, keeper }: RecordSource,
  text: RecordText,
): Promise<string | undefined> {
  const last = range.to === undefined ? history.end : Math.min(range.to + 1, history.end);
  const end = Math.min(last, history.start);
  const place = { epoch: cursors.epoch, position: range.from };
  const page = await readOwn(keeper!, place, Math.min(range.limit, PAGE)).catch(() => {
    throw new ClientError('trail_unavailable', 'The audit trail cannot be read now: ask again later.');
  });
  if (!page) return undefined;
  const passes = compileFilters(filters) ?? (() => true);
  const records: string[] = [];
  let kept = 0;
  let bytes = 0;
  let next = range.from;
  for (const record of page.records) {
    if (record.seq >= end || bytes >= ANSWER_BYTES) break;
    kept += 1;
    next = record.seq + 1;
    if (!passes(record)) continue;
    const item = recordItem(record, text);
    records.push(item);
    bytes += item.length;
  }
  // Behind the last of them there is none.
  if (kept === page.records.length ? page.done : bytes < ANSWER_BYTES) next = end;
  const missing = next - range.from - kept;
  const more = next < last ? `,"next":${next}` : '';
  return `{"records":[${records.join(',')}],"missing":${missing}${more}}`;
}

/** Reads what is kept of one epoch; records of other processes may stand between. */
async function readOwn(
  keeper: AuditKeeper,
  { epoch, position }: StreamPlace,
  limit: number,
): Promise<{ readonly records: readonly LogRecord[]; readonly done: boolean } | undefined> {
  const records: LogRecord[] = [];
  for (let place: StreamPlace = { epoch, position }; ;) {
    const page = await keeper.read(place, limit);
    if (!page) return undefined;
    for (const one of page.records) if (one.epoch === epoch) records.push(one.record);
    const last = page.records.at(-1);
    if (!last || page.records.length < limit) return { records, done: true };
    if (records.length > 0) return { records, done: false };
    place = { epoch: last.epoch, position: last.record.seq + 1 };
  }
}
