import { LEVELS, type Level } from './level.js';
import { positionOf, type Row } from './row.js';

/**
 * Rows that one panel keeps. A record is about 1 KB with its texts: 20,000 of them in each panel are some 40 MB, and as
 * much again while the view is held.
 */
export const ROWS_KEPT = 20_000;

/** Cut off in one go: cutting a row at a time would move all the others each time. */
const SLACK = 1_000;

/** The newest rows of one panel, in order. */
export class RowStore {
  /** Sorted by key. Replaced when rows go, so that who holds the old array keeps what it saw. */
  rows: Row[] = [];
  /** Records held, by level. */
  counts = noCounts();
  /** Rows let go of since the last clear, because there were newer ones. */
  evicted = 0;

  private fetched = 0;

  constructor(private readonly limit = ROWS_KEPT) {}

  get records(): number {
    return LEVELS.reduce((sum, level) => sum + this.counts[level], 0);
  }

  /** @returns whether old rows had to go for it */
  append(row: Row): boolean {
    const last = this.rows.at(-1);
    if (last && last.key >= row.key) return this.merge([row]);
    this.rows.push(row);
    this.count(row, 1);
    return this.trim();
  }

  /**
   * Puts rows where they belong, one for each key. What somebody fetches has room beside what is kept anyway, up to as
   * much again: the oldest rows are the first to go, and those are what is fetched.
   *
   * @param replaced key of a row that goes
   */
  merge(added: readonly Row[], replaced?: number): true {
    const rows = this.rows.filter(({ key }) => key !== replaced);
    for (const row of added) {
      const position = positionOf(rows, row.key);
      if (rows[position]?.key === row.key) rows[position] = row;
      else rows.splice(position, 0, row);
    }
    this.rows = rows;
    this.fetched = Math.min(this.limit, this.fetched + added.length);
    this.recount();
    this.trim();
    return true;
  }

  clear(): void {
    this.rows = [];
    this.counts = noCounts();
    this.evicted = 0;
    this.fetched = 0;
  }

  private trim(): boolean {
    const limit = this.limit + this.fetched;
    if (this.rows.length < limit + SLACK) return false;
    const gone = this.rows.slice(0, this.rows.length - limit);
    for (const row of gone) this.count(row, -1);
    this.rows = this.rows.slice(gone.length);
    this.evicted += gone.length;
    return true;
  }

  private recount(): void {
    this.counts = noCounts();
    for (const row of this.rows) this.count(row, 1);
  }

  private count(row: Row, change: 1 | -1): void {
    if (row.kind === 'record') this.counts[row.data.level] += change;
  }
}

function noCounts(): Record<Level, number> {
  return { DEBUG: 0, INFO: 0, WARNING: 0, ERROR: 0, CRITICAL: 0 };
}
