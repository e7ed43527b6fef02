import { type ReplaySpec } from '../wire/replay-spec.js';
import { type StreamPlace } from '../stream/audit-keeper.js';
import { type RecordSource } from '../stream/record-source.js';
import { type FilterSpec } from '../wire/filter/filter-spec.js';
import { seenCategories } from './filter/seen-categories.js';

/** A position, or how many of the newest records that match: where that is has to be searched for. */
export type StartPoint = number | { readonly last: number };

/** Where it starts. */
export interface ReplayStart {
  readonly from: StartPoint;
  /** Where it starts before that, in what the audit keeper has of earlier starts of the application. */
  readonly past?: StreamPlace;
  /** False when the cursor belongs to another stream, or nothing is kept: what was missed cannot be told. */
  readonly recovered: boolean;
}

/** @param filters that the replayed records must pass: what they hold back need not be there */
export function replayStart(
  replay: ReplaySpec,
  filters: readonly FilterSpec[],
  { history, cursors, keeps, keeper }: RecordSource,
): ReplayStart {
  // While nobody watches, such a stream does not even count its records.
  if (!keeps) return { from: history.end, recovered: false };
  if ('last' in replay) return { from: replay, recovered: true };
  const cursor = cursors.parse(replay.after);
  const sees = seenCategories(filters);
  if (cursor?.known === false && keeper && sees.audit) {
    // Of the system records in between nobody can tell.
    return { from: 1, past: cursor.place, recovered: !sees.system };
  }
  // A position that was not given out yet is of no stream that we know.
  if (!cursor?.known || cursor.position > history.end || cursor.position < 1) {
    return { from: history.end, recovered: false };
  }
  return { from: cursor.position, recovered: true };
}
