import { LOG_LEVELS, type LogLevel } from '../../../wire/level.js';
import { compilePanelFilter, isWithin, NO_FILTER, type PanelFilter } from './panel-filter.js';
import { type NoticeRow, positionOf, type Row } from './row.js';

/**
 * The newest rows that one panel keeps, whatever its filter. A record is about 1 KB with its texts: 20,000 of them in
 * each panel are some 40 MB, and as much again while the view is held, or while a filter keeps older ones.
 */
export const ROWS_KEPT = 20_000;

/** Cut off in one go: cutting a row at a time would move all the others each time. */
const SLACK = 1_000;

/** Said where a filter lets in what an earlier one had let go of. */
const THINNED = 'Of what came before this, only what the filter showed at the time is held.';

/**
 * The rows of one panel, in order: the newest, and of older ones those that pass the filter, as long as no more than
 * that many pass altogether. What is hidden never pushes out what is shown.
 */
export class RowStore {
  /** Sorted by key. Replaced when rows go, so that who holds the old array keeps what it saw. */
  rows: Row[] = [];
  /** Records held, by level. */
  counts = noCounts();
  /** Rows let go of since the last clear, because there were newer ones. */
  evicted = 0;
  /** So many of the first rows are held only because they pass the filter. */
  older = 0;

  private fetched = 0;
  /** How many of the rows behind the older ones pass the filter. */
  private passing = 0;
  private filter = NO_FILTER;
  private passes = compilePanelFilter(NO_FILTER);
  /** The newest record that was let go of because it was hidden, and by what. */
  private thinned: { readonly key: number; readonly by: PanelFilter } | undefined;
  private notice: NoticeRow | undefined;

  constructor(private readonly limit = ROWS_KEPT) {}

  get records(): number {
    return LOG_LEVELS.reduce((sum, level) => sum + this.counts[level], 0);
  }

  /** From now on, what passes this is kept longer. */
  prefer(filter: PanelFilter): void {
    const { thinned } = this;
    if (thinned && !isWithin(filter, thinned.by)) this.tellThinned(thinned.key);
    this.filter = filter;
    this.passes = compilePanelFilter(filter);
    this.countPassing();
  }

  /** @returns whether old rows had to go for it */
  append(row: Row): boolean {
    const last = this.rows.at(-1);
    if (last && last.key >= row.key) return this.merge([row]);
    this.rows.push(row);
    this.count(row);
    this.passing += Number(this.passes(row));
    return this.trim();
  }

  /**
   * Puts rows where they belong, one for each key. What somebody fetches has room beside what is kept anyway, up to as
   * much again: the oldest rows are the first to go, and those are what is fetched.
   *
   * @param replaced key of a row that goes
   */
  merge(added: readonly Row[], replaced?: number): true {
    const olderUntil = this.rows[this.older]?.key ?? 0;
    const rows = this.rows.filter(({ key }) => key !== replaced);
    for (const row of added) {
      const position = positionOf(rows, row.key);
      if (rows[position]?.key === row.key) rows[position] = row;
      else rows.splice(position, 0, row);
    }
    this.rows = rows;
    this.older = positionOf(rows, Math.min(olderUntil, added[0]?.key ?? olderUntil));
    this.fetched = Math.min(this.limit, this.fetched + added.length);
    this.countLevels();
    this.countPassing();
    this.trim();
    return true;
  }

  clear(): void {
    this.rows = [];
    this.counts = noCounts();
    this.evicted = 0;
    this.older = 0;
    this.fetched = 0;
    this.passing = 0;
    this.thinned = undefined;
    this.notice = undefined;
  }

  private trim(): boolean {
    const newest = this.limit + this.fetched;
    const { rows } = this;
    if (rows.length - this.older < newest + SLACK) return false;
    const leaving = rows.slice(this.older, rows.length - newest);
    const shown = leaving.filter(this.passes);
    const passing = new Set(shown);
    const hidden = leaving.findLast((row) => !passing.has(row));
    if (hidden) this.thinned = { key: hidden.key, by: this.filter };
    this.passing -= shown.length;
    const older = [...rows.slice(0, this.older).filter(this.passes), ...shown];
    const staying = older.slice(Math.max(0, older.length - Math.max(0, newest - this.passing)));
    // A line that tells of what is before it, and stands before nothing.
    if (staying[0] === this.notice && this.notice) staying.shift();
    this.rows = [...staying, ...rows.slice(rows.length - newest)];
    this.older = staying.length;
    this.evicted += rows.length - this.rows.length;
    this.countLevels();
    return true;
  }

  private tellThinned(key: number): void {
    this.rows = this.rows.filter((row) => row !== this.notice);
    const position = positionOf(this.rows, key);
    if (position === 0) return;
    this.notice = { kind: 'notice', key: key + 0.25, text: THINNED, severity: 'info' };
    this.rows.splice(position, 0, this.notice);
    this.older = Math.max(this.older, position + 1);
  }

  private countLevels(): void {
    this.counts = noCounts();
    for (const row of this.rows) this.count(row);
  }

  private countPassing(): void {
    this.passing = 0;
    for (let index = this.older; index < this.rows.length; index += 1) {
      this.passing += Number(this.passes(this.rows[index]!));
    }
  }

  private count(row: Row): void {
    if (row.kind === 'record') this.counts[row.data.level] += 1;
  }
}

function noCounts(): Record<LogLevel, number> {
  return { DEBUG: 0, INFO: 0, WARNING: 0, ERROR: 0, CRITICAL: 0 };
}
