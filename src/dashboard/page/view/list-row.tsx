import { type JSX } from 'preact';
import { memo } from './memo.js';
import { type Category, type Row } from '../model/row.js';
import { recordCell, type RowLook } from './record-cells.js';
import { GapCells, NoticeCells } from './stream-rows.js';

interface ListRowProps {
  readonly row: Row;
  readonly category: Category;
  readonly index: number;
  readonly selected: boolean;
  /** Height of the rows before it that are not there, in pixels. */
  readonly skipped: number;
  /** The day, where another one begins with this row. */
  readonly day: string | undefined;
  readonly look: RowLook;
  readonly measure: (element: Element | null) => void;
}

export function rowId(category: Category, key: number): string {
  return `${category}-${key}`;
}

/** Rendered again only when something about it has changed: most of a list stays as it is from frame to frame. */
export const ListRow = memo(function ListRow(props: ListRowProps): JSX.Element {
  const { row, category, index, selected, skipped, day, look, measure } = props;
  return (
    <div
      ref={measure}
      role="row"
      id={rowId(category, row.key)}
      class={`row row-${row.kind}`}
      data-index={index}
      data-day={day}
      style={skipped > 0 ? { marginTop: `${skipped}px` } : undefined}
      data-level={row.kind === 'record' ? row.data.level : undefined}
      data-kind={row.kind === 'record' && row.entry ? row.entry.kind : undefined}
      aria-rowindex={index + 2}
      aria-selected={selected}
    >
      {row.kind === 'record' ? (
        look.columns.map((column) => recordCell(row, column, look))
      ) : row.kind === 'gap' ? (
        <GapCells row={row} />
      ) : (
        <NoticeCells row={row} />
      )}
      {day !== undefined && (
        // For eyes: the time of each row has its date in its title.
        <span class="day" aria-hidden="true">
          {day}
        </span>
      )}
    </div>
  );
});
