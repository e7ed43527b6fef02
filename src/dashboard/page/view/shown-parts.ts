import { useMemo } from 'preact/hooks';
import { columnsOf, SPARSE } from '../model/columns.js';
import { type ShownParts } from '../model/row-text.js';
import { type RowList } from '../state/row-list.js';
import { useDashboard } from './dashboard-context.js';

/** What of its rows a list shows; the same object until that changes. */
export function useShownParts(rows: RowList): ShownParts {
  const { zone, hiddenColumns, fieldColumns } = useDashboard().settings.current.value;
  const { category } = rows;
  const hidden = hiddenColumns[category];
  const fields = fieldColumns[category];
  const filled = rows.filled.value;
  return useMemo(
    () => ({
      columns: columnsOf(category, hidden, filled, fields),
      inline:
        category === 'audit'
          ? SPARSE.filter((column) => !hidden.includes(column) && !filled.has(column))
          : [],
      actor: category === 'audit' && !hidden.includes('actor'),
      fields: !hidden.includes('fields'),
      zone,
    }),
    [category, hidden, fields, filled, zone],
  );
}

/** Rows as they stand below each other. @param reversed whether the newest are at the top */
export function inOrder<T>(rows: readonly T[], reversed: boolean): readonly T[] {
  return reversed ? rows.toReversed() : rows;
}
