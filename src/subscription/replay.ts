import { type History } from '../stream/history.js';
import { type StreamPlace } from '../stream/audit-keeper.js';
import { type LogStream } from '../stream/log-stream.js';
import { compileFilters } from './filter/compile-filter.js';
import { type FilterSpec } from './filter/filter-spec.js';
import { seenCategories } from './filter/seen-categories.js';

/** Where a client wants to start. */
export type ReplaySpec = { readonly last: number } | { readonly after: string };

/** Where it starts. */
export interface ReplayStart {
  readonly position: number;
  /** Where it starts before that, in what the audit keeper has of earlier starts of the application. */
  readonly past?: StreamPlace;
  /** False when the cursor belongs to another stream, or nothing is kept: what was missed cannot be told. */
  readonly recovered: boolean;
}

/** @param filters that the replayed records must pass, so that `last` counts what the client will see */
export function replayStart(
  replay: ReplaySpec,
  filters: readonly FilterSpec[],
  { history, cursors, keeps, keeper }: LogStream,
): ReplayStart {
  // While nobody watches, such a stream does not even count its records.
  if (!keeps) return { position: history.end, recovered: false };
  if ('last' in replay) return { position: lastMatching(replay.last, filters, history), recovered: true };
  const cursor = cursors.parse(replay.after);
  const sees = seenCategories(filters);
  if (cursor?.known === false && keeper && sees.audit) {
    // Of the system records in between nobody can tell.
    return { position: 1, past: cursor.place, recovered: !sees.system };
  }
  // A position that was not given out yet is of no stream that we know.
  if (!cursor?.known || cursor.position > history.end || cursor.position < 1) {
    return { position: history.end, recovered: false };
  }
  return { position: cursor.position, recovered: true };
}

function lastMatching(number: number, filters: readonly FilterSpec[], history: History): number {
  const passes = compileFilters(filters) ?? (() => true);
  let position = history.end;
  let found = 0;
  while (found < number && position > history.start) {
    position -= 1;
    if (passes(history.at(position)!)) found += 1;
  }
  return position;
}
