import { compileFilters } from '../../wire/filter/compile-filter.js';
import { type FilterSpec } from '../../wire/filter/filter-spec.js';
import { containedText } from '../store/contained-text.js';
import { matchesQuery } from '../store/matches-query.js';
import { recordOf } from '../store/stored-record.js';
import { type TrailEntry } from '../store/trail-entry.js';
import { type DamagedEntry, type ResolvedQuery, type TrailPage } from '../store/trail-query.js';
import { type RunSql } from './pg-pool.js';
import { addConditions, Conditions } from './query-condition.js';
import { checkedRow, ENTRY_COLUMNS, entryRow, type EntryRow } from './row-check.js';

/** Rows of one statement of a search that is done here: some ten milliseconds of this thread. */
const ROWS = 500;

/** How long a page is looked for, in ms: then it may be short, and leads on. */
const BUDGET_MS = 250;

/** Positions that are looked at for a page of somebody who is held to a filter, whatever is there. */
const HELD_POSITIONS = 5_000;

/** Where a trail begins and ends: the last pruned entry, and the last entry. */
export interface TrailSpan {
  readonly floor: number;
  readonly head: number;
}

/** One page; what a text contains is looked for here, all else by the server. */
export async function readPage(
  run: RunSql,
  schema: string,
  query: ResolvedQuery,
  span: TrailSpan,
): Promise<TrailPage> {
  const { order, limit, text } = query;
  const contains = containedText(text);
  const deadline = performance.now() + BUDGET_MS;
  const entries: TrailEntry[] = [];
  const damaged: DamagedEntry[] = [];
  const page = (): TrailPage => ({ entries, ...(damaged.length > 0 && { damaged }), head: span.head });
  let { first, last } = bounds(query, span);
  while (first <= last) {
    const most = contains ? ROWS : limit;
    const rows = await readRows(run, schema, first, last, most, order, (conditions) =>
      addConditions(conditions, query),
    );
    for (const row of rows) {
      if (contains && !contains(row.payload)) continue;
      const checked = checkedRow(row);
      if ('entry' in checked) entries.push(checked.entry);
      else damaged.push(checked.damaged);
      if (entries.length + damaged.length === limit) return { ...page(), ...nextOf(row, order, first, last) };
    }
    const stopped = rows.at(-1);
    if (rows.length < most || !stopped) return page();
    if (performance.now() >= deadline) return { ...page(), ...nextOf(stopped, order, first, last) };
    if (order === 'asc') first = stopped.seq + 1;
    else last = stopped.seq - 1;
  }
  return page();
}

/**
 * A page for somebody who is held to filters. What is hidden must not show in the page, in `next` or in the work done: so
 * every position is looked at, whatever is asked for, and no index or clock ends the search.
 */
export async function readHeldPage(
  run: RunSql,
  schema: string,
  query: ResolvedQuery,
  held: readonly FilterSpec[],
  span: TrailSpan,
): Promise<TrailPage> {
  const { order, limit } = query;
  const passes = compileFilters(held) ?? (() => true);
  const matches = matchesQuery(query);
  const entries: TrailEntry[] = [];
  let { first, last } = bounds(query, span);
  for (let looked = 0; first <= last;) {
    const rows = await readRows(run, schema, first, last, ROWS, order, () => {});
    for (const row of rows) {
      const checked = checkedRow(row);
      looked += 1;
      // One that is damaged may be anybody's.
      if ('entry' in checked && isVisible(checked.entry, passes) && matches(checked.entry))
        entries.push(checked.entry);
      if (looked === HELD_POSITIONS || entries.length === limit)
        return { entries, head: span.head, next: row.seq };
    }
    const stopped = rows.at(-1);
    if (rows.length < ROWS || !stopped) break;
    if (order === 'asc') first = stopped.seq + 1;
    else last = stopped.seq - 1;
  }
  return { entries, head: span.head };
}

function isVisible(
  { kind, data, stream }: TrailEntry,
  passes: (record: ReturnType<typeof recordOf>) => boolean,
): boolean {
  return kind === 'record' && passes(recordOf(data, stream?.seq ?? 0));
}

function bounds(
  { after = 0, before }: ResolvedQuery,
  { floor, head }: TrailSpan,
): { first: number; last: number } {
  return { first: Math.max(after, floor) + 1, last: Math.min((before ?? head + 1) - 1, head) };
}

function nextOf({ seq }: EntryRow, order: 'asc' | 'desc', first: number, last: number): { next?: number } {
  return (order === 'asc' ? seq < last : seq > first) ? { next: seq } : {};
}

async function readRows(
  run: RunSql,
  schema: string,
  first: number,
  last: number,
  most: number,
  order: 'asc' | 'desc',
  narrow: (conditions: Conditions) => void,
): Promise<EntryRow[]> {
  const conditions = new Conditions();
  conditions.add('e.seq >= ? AND e.seq <= ?', first, last);
  narrow(conditions);
  const rows = await run(
    `SELECT ${ENTRY_COLUMNS}, (SELECT b.chain FROM ${schema}.entries AS b WHERE b.seq = e.seq - 1) AS before
     FROM ${schema}.entries AS e WHERE ${conditions.sql} ORDER BY e.seq ${order} LIMIT ${most}`,
    conditions.values,
  );
  return rows.map(entryRow);
}
