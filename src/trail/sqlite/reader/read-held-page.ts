import { type DatabaseSync } from 'node:sqlite';
import { compileFilters } from '../../../wire/filter/compile-filter.js';
import { type FilterSpec } from '../../../wire/filter/filter-spec.js';
import { recordOf } from '../../store/stored-record.js';
import { matchesQuery } from '../../store/matches-query.js';
import { stretchesOf, windowsOf } from './stretches.js';
import { RowCheck } from './row-check.js';
import { type StoredEntry, type TrailEntry } from '../../store/trail-entry.js';
import { type ResolvedQuery, type TrailPage } from '../../store/trail-query.js';

/** What is asked for is asked of the entries that may be seen, not here. */
const EVERYTHING: ResolvedQuery = { order: 'asc', limit: 1 };

/**
 * A page for somebody who is held to filters: records that pass them, and nothing of what the trail notes for itself.
 *
 * What is hidden must not show in the page, in `next` or in the work done: so every position is looked at, whatever is
 * asked for, and what is asked for is asked of those entries alone that may be seen. No index is used, which would find
 * what is hidden faster than what is not there, and no clock ends the search.
 *
 * @param trail the last pruned entry and the last entry
 * @param positions that are looked at; the page may be empty and still have a `next`
 */
export function readHeldPage(
  db: DatabaseSync,
  query: ResolvedQuery,
  held: readonly FilterSpec[],
  { floor, head }: { floor: number; head: number },
  positions: number,
): TrailPage {
  const { order, limit } = query;
  const passes = compileFilters(held) ?? (() => true);
  const matches = matchesQuery(query);
  const isVisible = ({ kind, data, stream }: TrailEntry): boolean =>
    kind === 'record' && passes(recordOf(data, stream?.seq ?? 0));
  const rows = new RowCheck(db, EVERYTHING);
  const statement = db.prepare(
    `SELECT seq, payload, chain FROM entries WHERE seq >= ? AND seq <= ? ORDER BY seq ${order}`,
  );
  const entries: TrailEntry[] = [];
  let looked = 0;
  for (const { first, last } of windowsOf(stretchesOf(db, query, floor, head), order, positions)) {
    for (const row of statement.iterate(first, last) as Iterable<unknown>) {
      const stored = row as StoredEntry;
      const { seq } = stored;
      const read = rows.read(stored);
      // One that is damaged may be anybody's.
      if ('entry' in read && isVisible(read.entry) && matches(read.entry)) entries.push(read.entry);
      looked += 1;
      if (looked === positions || entries.length === limit) return { entries, head, next: seq };
    }
  }
  return { entries, head };
}
