import { type DatabaseSync, type StatementSync } from 'node:sqlite';
import { actionCondition, type Condition } from './action-pattern.js';
import { containedText } from '../../store/contained-text.js';
import { queryCondition } from './query-condition.js';
import { stretchesOf, windowsOf, type Stretch } from './stretches.js';
import { RowCheck } from './row-check.js';
import { type StoredEntry, type TrailEntry } from '../../store/trail-entry.js';
import { type DamagedEntry, type ResolvedQuery, type TrailPage } from '../../store/trail-query.js';

/** How far one page may be looked for. */
export interface PageEffort {
  /** Positions that one statement looks through: some ten milliseconds, after which the time is looked at. */
  readonly window: number;
  /** How long a page is looked for; one window at least. */
  readonly budgetMs: number;
  /** Positions that are looked at for a page of somebody who is held to a filter: some fifty milliseconds. */
  readonly heldPositions: number;
}

export const PAGE_EFFORT: PageEffort = { window: 20_000, budgetMs: 250, heldPositions: 5_000 };

/** Rows of a search for a text between two looks at the time. */
const ROWS = 256;

/**
 * One page, looked for window by window: SQLite cannot be interrupted from JavaScript, and a search that finds nothing
 * must not hold up the next one for as long as the trail is.
 *
 * @param trail the last pruned entry and the last entry
 */
export function readPage(
  db: DatabaseSync,
  query: ResolvedQuery,
  { floor, head }: { floor: number; head: number },
  { window: width, budgetMs }: PageEffort,
): TrailPage {
  const deadline = performance.now() + budgetMs;
  const { action, order } = query;
  const condition = queryCondition(query, action === undefined ? undefined : actionCondition(db, action));
  const statement = db.prepare(
    `SELECT seq, payload, chain FROM entries WHERE seq >= ? AND seq <= ?${condition.sql} ORDER BY seq ${order} LIMIT ?`,
  );
  const search = new Search(statement, condition, query, deadline, new RowCheck(db, query));
  let looked: number | undefined;
  for (const window of windowsOf(stretchesOf(db, query, floor, head), order, width)) {
    // The one before was not the last.
    if (looked !== undefined && search.isOver) return { ...search.page, head, next: looked };
    const stopped = search.lookThrough(window);
    if (stopped !== undefined) return { ...search.page, head, next: stopped };
    looked = order === 'asc' ? window.last : window.first;
  }
  return { ...search.page, head };
}

class Search {
  private readonly found: TrailEntry[] = [];
  private readonly damaged: DamagedEntry[] = [];
  private readonly contains: ((payload: string) => boolean) | undefined;

  constructor(
    private readonly statement: StatementSync,
    private readonly condition: Condition,
    private readonly query: ResolvedQuery,
    private readonly deadline: number,
    private readonly rows: RowCheck,
  ) {
    this.contains = containedText(query.text);
  }

  /** What was found, and what was found and is not what was stored: that is said, never shown as an entry. */
  get page(): Pick<TrailPage, 'entries' | 'damaged'> {
    const { found: entries, damaged } = this;
    return damaged.length > 0 ? { entries, damaged } : { entries };
  }

  get isOver(): boolean {
    return this.count >= this.query.limit || performance.now() >= this.deadline;
  }

  /** @returns the last position that was looked at, when that may not be the whole window */
  lookThrough({ first, last }: Stretch): number | undefined {
    const { limit } = this.query;
    const most = this.contains === undefined ? limit - this.count : last - first + 1;
    const rows = this.statement.iterate(first, last, ...this.condition.values, most);
    let looked = 0;
    for (const row of rows as Iterable<unknown>) {
      const stored = row as StoredEntry;
      looked += 1;
      if (!this.contains || this.contains(stored.payload)) this.add(stored);
      if (this.count === limit || (looked % ROWS === 0 && this.isOver)) return stored.seq;
    }
    return undefined;
  }

  private get count(): number {
    return this.found.length + this.damaged.length;
  }

  private add(stored: StoredEntry): void {
    const read = this.rows.read(stored);
    if ('entry' in read) this.found.push(read.entry);
    else this.damaged.push(read.damaged);
  }
}
