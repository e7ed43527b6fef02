import {
  assert,
  boolean,
  constantFrom,
  integer,
  oneof,
  property,
  record as recordOf,
  array,
  constant,
} from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compilePanelFilter,
  NO_FILTER,
  type PanelFilter,
} from '../../../src/dashboard/page/model/panel-filter.js';
import { RowStore } from '../../../src/dashboard/page/model/row-store.js';
import { RowView } from '../../../src/dashboard/page/model/row-view.js';
import { gap, record } from './rows.js';
import { runs } from '../../harness/property-runs.js';

const NO_INFO: PanelFilter = { ...NO_FILTER, hidden: ['INFO'] };

function view(limit?: number, filter = NO_FILTER): RowView {
  return new RowView(new RowStore(limit), compilePanelFilter(filter));
}

const keysOf = ({ shown }: RowView): number[] => shown.map(({ key }) => key);

describe('RowView', () => {
  it('shows what passes, and gaps always', () => {
    const rows = view(undefined, NO_INFO);
    rows.append(record(1));
    rows.append(record(2, { level: 'ERROR' }));
    rows.append(gap(3, 5));
    expect(keysOf(rows)).toEqual([2, 3]);
    rows.filter(compilePanelFilter(NO_FILTER));
    expect(keysOf(rows)).toEqual([1, 2, 3]);
  });

  it('stands still while it is held, and tells how much has come', () => {
    const rows = view(undefined, NO_INFO);
    rows.append(record(1, { level: 'ERROR' }));
    rows.hold();
    rows.append(record(2));
    rows.append(record(3, { level: 'ERROR' }));
    expect([keysOf(rows), rows.pending]).toEqual([[1], 1]);
    rows.filter(compilePanelFilter(NO_FILTER));
    expect([keysOf(rows), rows.pending]).toEqual([[1], 2]);
    rows.release();
    expect([keysOf(rows), rows.pending]).toEqual([[1, 2, 3], 0]);
  });

  it('keeps what it shows while it is held, even when the store has let go of it', () => {
    const rows = view(10);
    for (let seq = 1; seq <= 10; seq += 1) rows.append(record(seq));
    rows.hold();
    for (let seq = 11; seq <= 5_000; seq += 1) rows.append(record(seq));
    expect(keysOf(rows)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    rows.release();
    expect(rows.shown[0]!.key).toBeGreaterThan(3_000);
  });

  it('shows what is fetched into a gap, also while it is held', () => {
    const rows = view();
    const missing = gap(2, 3);
    for (const row of [record(1), missing, record(4)]) rows.append(row);
    rows.hold();
    rows.append(record(5));
    rows.merge([record(2), record(3)], missing.key);
    expect([keysOf(rows), rows.pending]).toEqual([[1, 2, 3, 4], 1]);
  });

  it('is empty once cleared, held or not', () => {
    const rows = view();
    rows.append(record(1));
    rows.hold();
    rows.clear();
    rows.append(record(2));
    expect([keysOf(rows), rows.pending]).toEqual([[], 1]);
    rows.release();
    expect(keysOf(rows)).toEqual([2]);
  });

  it('shows at any time what filtering everything anew would show', () => {
    const levels = constantFrom('INFO', 'ERROR' as const);
    const step = oneof(
      {
        weight: 8,
        arbitrary: recordOf({
          name: constant('append' as const),
          count: integer({ min: 1, max: 400 }),
          level: levels,
        }),
      },
      recordOf({ name: constant('filter' as const), hide: levels, keeps: boolean() }),
      recordOf({ name: constantFrom('hold' as const, 'release' as const, 'clear' as const) }),
    );
    assert(
      property(array(step, { maxLength: 40 }), (steps) => {
        const store = new RowStore(500);
        let matches = compilePanelFilter(NO_FILTER);
        const rows = new RowView(store, matches);
        let seq = 0;
        let held: number | undefined;
        for (const one of steps) {
          if (one.name === 'append') {
            for (let n = 0; n < one.count; n += 1) rows.append(record((seq += 1), { level: one.level }));
          } else if (one.name === 'filter') {
            const filter: PanelFilter = { ...NO_FILTER, hidden: [one.hide] };
            matches = compilePanelFilter(filter);
            if (one.keeps) store.prefer(filter);
            rows.filter(matches);
          } else if (one.name === 'hold') {
            rows.hold();
            held = seq;
          } else if (one.name === 'release') {
            rows.release();
            held = undefined;
          } else {
            rows.clear();
            if (held !== undefined) held = seq;
          }
          if (held === undefined)
            expect(keysOf(rows)).toEqual(store.rows.filter(matches).map(({ key }) => key));
          else expect(rows.shown.every((row) => matches(row) && row.key <= held!)).toBe(true);
        }
      }),
      { numRuns: runs(30) },
    );
  });
});
