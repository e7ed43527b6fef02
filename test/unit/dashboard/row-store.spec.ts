import { describe, expect, it } from 'vitest';
import { RowStore } from '../../../src/dashboard/page/model/row-store.js';
import { NO_FILTER, type PanelFilter } from '../../../src/dashboard/page/model/panel-filter.js';
import { gap, record } from './rows.js';

const ERRORS: PanelFilter = { ...NO_FILTER, hidden: ['DEBUG', 'INFO', 'WARNING'] };

const keysOf = ({ rows }: RowStore): number[] => rows.map(({ key }) => key);

describe('RowStore', () => {
  it('keeps the newest rows and counts what it let go of', () => {
    const store = new RowStore(10);
    for (let seq = 1; seq <= 5_000; seq += 1) {
      store.append(record(seq, { level: seq % 2 ? 'INFO' : 'ERROR' }));
      expect(store.rows.length).toBeLessThan(10 + 1_000);
    }
    const kept = store.rows.length;
    expect(store.evicted).toBe(5_000 - kept);
    expect(store.rows[0]).toMatchObject({ seq: 5_001 - kept });
    expect(store.counts.INFO + store.counts.ERROR).toBe(kept);
    expect(store.records).toBe(kept);
  });

  it('counts records by level, and no gaps', () => {
    const store = new RowStore();
    store.append(record(1, { level: 'WARNING' }));
    store.append(gap(2, 9));
    store.append(record(10, { level: 'CRITICAL' }));
    expect(store.counts).toEqual({ DEBUG: 0, INFO: 0, WARNING: 1, ERROR: 0, CRITICAL: 1 });
    expect(store.records).toBe(2);
  });

  it('puts what was fetched into its gap, whose rest stays', () => {
    const store = new RowStore();
    const missing = gap(2, 9);
    for (const row of [record(1), missing, record(10)]) store.append(row);
    store.merge([record(7), record(9), gap(2, 6)], missing.key);
    expect(keysOf(store)).toEqual([1, 2, 7, 9, 10]);
    expect(store.rows[1]).toMatchObject({ kind: 'gap', to: 6 });
    expect(store.records).toBe(4);
  });

  it('has no record twice, however often it comes', () => {
    const store = new RowStore();
    for (const seq of [1, 3, 3, 2, 1]) store.append(record(seq));
    store.merge([record(2), record(3)]);
    expect(keysOf(store)).toEqual([1, 2, 3]);
    expect(store.records).toBe(3);
  });

  it('has room for what somebody fetched, but not for ever more', () => {
    const store = new RowStore(2_000);
    for (let seq = 100_001; seq <= 102_000; seq += 1) store.append(record(seq));
    store.merge(Array.from({ length: 500 }, (_, index) => record(index + 1)));
    for (let seq = 102_001; seq <= 102_900; seq += 1) store.append(record(seq));
    expect(store.rows[0]?.key).toBe(1);
    for (let round = 0; round < 20; round += 1) {
      store.merge(Array.from({ length: 500 }, (_, index) => record(1_000 + round * 500 + index)));
    }
    expect(store.rows.length).toBeLessThan(2 * 2_000 + 1_000);
  });

  it('never lets what the filter hides push out what it shows', () => {
    const store = new RowStore();
    store.prefer(ERRORS);
    for (let seq = 1; seq <= 3; seq += 1) store.append(record(seq, { level: 'ERROR' }));
    // A day at 2 lines a second.
    for (let seq = 4; seq <= 172_800; seq += 1) store.append(record(seq, { level: 'DEBUG' }));
    expect(keysOf(store).slice(0, 4)).toEqual([1, 2, 3, store.rows[3]!.key]);
    expect(store.counts.ERROR).toBe(3);
    expect(store.older).toBe(3);
    expect(store.rows.length).toBeLessThan(21_100);
    expect(store.evicted).toBe(172_800 - store.rows.length);
  });

  it('keeps of what the filter shows as many as of all without one', () => {
    const store = new RowStore(2_000);
    store.prefer(ERRORS);
    for (let seq = 1; seq <= 50_000; seq += 1) {
      store.append(record(seq, { level: seq % 2 ? 'ERROR' : 'DEBUG' }));
      expect(store.rows.length).toBeLessThanOrEqual(2 * 2_000 + 1_000);
    }
    expect(store.counts.ERROR).toBeGreaterThanOrEqual(2_000);
    expect(store.counts.ERROR).toBeLessThan(2_000 + 1_000);
  });

  it('says from where on it holds all, once a wider filter asks for more than was kept', () => {
    const store = new RowStore(100);
    store.prefer(ERRORS);
    store.append(record(1, { level: 'ERROR' }));
    for (let seq = 2; seq <= 2_000; seq += 1) store.append(record(seq));
    store.prefer({ ...ERRORS, search: 'narrower' });
    expect(store.rows.every(({ kind }) => kind === 'record')).toBe(true);
    store.prefer(NO_FILTER);
    store.prefer(NO_FILTER);
    const notices = store.rows.filter(({ kind }) => kind === 'notice');
    expect(notices).toHaveLength(1);
    expect(store.rows[1]).toBe(notices[0]);
    expect(store.rows[2]!.key - notices[0]!.key).toBeLessThan(1);
    // Without anything before it there is nothing to say.
    for (let seq = 2_001; seq <= 4_000; seq += 1) store.append(record(seq));
    expect(store.rows.every(({ kind }) => kind === 'record')).toBe(true);
  });

  it('leaves an array that somebody holds as it was', () => {
    const store = new RowStore(10);
    for (let seq = 1; seq <= 1_000; seq += 1) store.append(record(seq));
    const { rows } = store;
    const seen = rows.length;
    for (let seq = 1_001; seq <= 1_010; seq += 1) store.append(record(seq));
    expect(store.rows).not.toBe(rows);
    expect(rows[0]?.key).toBe(1);
    expect(rows.length).toBeGreaterThanOrEqual(seen);
  });

  it('is empty after it was cleared', () => {
    const store = new RowStore();
    store.append(record(1));
    store.clear();
    expect([store.rows, store.records, store.evicted]).toEqual([[], 0, 0]);
  });
});
