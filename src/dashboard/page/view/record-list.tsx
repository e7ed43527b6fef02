import { type JSX } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { COLUMN_LABELS, columnsOf } from '../model/columns.js';
import { positionOf } from '../model/row.js';
import { type RowList } from '../state/row-list.js';
import { useDashboard } from './dashboard-context.js';
import { listKeys } from './list-keys.js';
import { ListRow, rowId } from './list-row.js';
import { PHONE, useMedia } from './use-media.js';
import { useRowWindow } from './use-row-window.js';

/** As in the style sheet, in pixels. */
const ROW_HEIGHT = { wide: 22, phone: 46 };
const HEAD_HEIGHT = { wide: 24, phone: 0 };

/** Rows before the end of the list from which on more are asked for. */
const NEAR = 40;

interface RecordListProps {
  readonly rows: RowList;
  /** Whether the newest are at the top. */
  readonly reversed: boolean;
  /** The edge that new rows come to, while the list is to stay there. */
  readonly follow: 'top' | 'bottom' | undefined;
  /** Somebody has scrolled: whether to the edge that new rows come to. */
  readonly onEdge?: (atEdge: boolean) => void;
  /** The rows in view are among the last ones, or all there are. */
  readonly onNearEnd?: () => void;
}

/** Rows in a list, of which only those in view exist. */
export function RecordList({ rows, reversed, follow, onEdge, onNearEnd }: RecordListProps): JSX.Element {
  const dashboard = useDashboard();
  const { category, needle } = rows;
  const { zone, wrap, hiddenColumns } = dashboard.settings.current.value;
  const hidden = hiddenColumns[category];
  const filled = rows.filled.value;
  const phone = useMedia(PHONE);
  const look = useMemo(
    () => ({
      columns: columnsOf(category, hidden, filled),
      actor: category === 'audit' && !hidden.includes('actor'),
      fields: !hidden.includes('fields'),
      zone,
      wrap,
      needle,
    }),
    [category, hidden, filled, zone, wrap, needle],
  );

  // Read, so that the list is rendered again when there are others.
  void rows.version.value;
  const { shown } = rows;
  const at = (index: number): number => (reversed ? shown.length - 1 - index : index);
  const scroller = useRef<HTMLDivElement>(null);
  const headHeight = phone ? HEAD_HEIGHT.phone : HEAD_HEIGHT.wide;
  const list = useRowWindow({
    scroller,
    count: shown.length,
    keyOf: (index) => shown[at(index)]?.key ?? -1,
    rowHeight: phone ? ROW_HEIGHT.phone : ROW_HEIGHT.wide,
    measured: wrap,
    headHeight,
    follow,
    growsAtEnd: onNearEnd !== undefined,
  });

  const lastInView = list.items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (onNearEnd && lastInView >= shown.length - NEAR) onNearEnd();
  });

  const wanted = rows.wanted.value;
  useLayoutEffect(() => {
    if (wanted === undefined) return;
    rows.wanted.value = undefined;
    const position = positionOf(shown, wanted);
    if (shown[position]?.key === wanted) list.scrollTo(at(position));
  });

  const onScroll = (): void => {
    const element = scroller.current;
    if (!element || !onEdge || list.isOwnScroll()) return;
    const fromEdge = reversed
      ? element.scrollTop
      : element.scrollHeight - element.clientHeight - element.scrollTop;
    onEdge(fromEdge < 4);
  };

  const onClick = (event: MouseEvent): void => {
    const element = (event.target as Element).closest<HTMLElement>('[data-index]');
    // Who marks a text wants to copy it, who fetches a gap does not want to read it.
    if (!element || (event.target as Element).closest('button') || getSelection()?.isCollapsed === false)
      return;
    const row = shown[at(Number(element.dataset['index']))];
    if (!row) return;
    if (row.kind === 'gap') dashboard.control.fetchGap(row);
    rows.select(row);
    rows.detailOpen.value = row.kind === 'record';
  };

  const selected = rows.selected.value;
  const inView = selected && list.items.some(({ key }) => key === selected.key);
  return (
    <div
      ref={scroller}
      class="list"
      role="grid"
      tabIndex={0}
      aria-label={`${rows.title} records`}
      aria-rowcount={shown.length + 1}
      aria-colcount={look.columns.length}
      aria-activedescendant={inView ? rowId(category, selected.key) : undefined}
      data-wrap={wrap}
      data-columns={look.columns.join(' ')}
      onScroll={onScroll}
      onClick={onClick}
      onKeyDown={(event) => listKeys(event, rows, dashboard, reversed)}
    >
      <div role="row" class="list-head" aria-rowindex={1}>
        {look.columns.map((column) => (
          <span key={column} role="columnheader" class={`cell-${column}`}>
            {column === 'message' ? 'Message' : column === 'seq' ? '#' : COLUMN_LABELS[column]}
          </span>
        ))}
      </div>
      <div role="presentation" class="list-rows" style={{ height: `${list.height}px` }}>
        <div role="presentation" class="list-window" style={{ transform: `translateY(${list.offset}px)` }}>
          {list.items.map(({ key, index }) => {
            const row = shown[at(index)];
            return (
              row && (
                <ListRow
                  key={key}
                  row={row}
                  category={category}
                  index={index}
                  selected={selected?.key === row.key}
                  look={look}
                  measure={list.measure}
                />
              )
            );
          })}
        </div>
      </div>
    </div>
  );
}
