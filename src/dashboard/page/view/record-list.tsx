import { type JSX } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { COLUMN_LABELS } from '../model/columns.js';
import { fieldLabel, isFieldColumn } from '../model/field-columns.js';
import { dayOf, type TimeZone } from '../model/format.js';
import { positionOf, type Row } from '../model/row.js';
import { rowText } from '../model/row-text.js';
import { type RowList } from '../state/row-list.js';
import { useDashboard } from './dashboard-context.js';
import { listKeys } from './list-keys.js';
import { ListRow, rowId } from './list-row.js';
import { useMarking } from './use-marking.js';
import { PHONE, useMedia } from './use-media.js';
import { inOrder, useShownParts } from './shown-parts.js';
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
  const { category, marks } = rows;
  const { wrap } = dashboard.settings.current.value;
  const phone = useMedia(PHONE);
  const parts = useShownParts(rows);
  const look = useMemo(() => ({ ...parts, wrap, marks }), [parts, wrap, marks]);

  // Read, so that the list is rendered again when there are others.
  void rows.version.value;
  const { shown } = rows;
  /** From a place in the list to one in time, and back. */
  const at = (index: number): number => (reversed ? shown.length - 1 - index : index);
  const pinned = (rows.marked.value ?? []).flatMap((key) => {
    const position = positionOf(shown, key);
    return shown[position]?.key === key ? [at(position)] : [];
  });
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
    pinned,
  });
  const today = dayOf(Date.now(), parts.zone);
  const top = shown[at(list.items[0]?.index ?? 0)];
  const topDay = top?.kind === 'record' ? dayOf(top.time, parts.zone) : today;
  const lineOf = (row: Row): string => rowText(row, look);
  useMarking(scroller, rows, {
    between: (from, to) =>
      Array.from({ length: Math.max(0, to - from) }, (_, index) => shown[at(from + index)]!).map(lineOf),
    chosen: () => inOrder(rows.chosen, reversed).map(lineOf),
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
    if (!element || (event.target as Element).closest('button, a') || rows.marked.value) return;
    const row = shown[at(Number(element.dataset['index']))];
    if (!row) return;
    if (event.shiftKey) return rows.selectTo(row);
    if (row.kind === 'gap') dashboard.control.fetchGap(row);
    rows.select(row);
    rows.detailOpen.value = row.kind === 'record';
  };

  const selected = rows.selected.value;
  const [firstChosen = Number.NaN, lastChosen = Number.NaN] = rows.anchor.value
    ? rows.chosenKeys
    : [selected?.key, selected?.key];
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
      aria-multiselectable
      aria-activedescendant={inView ? rowId(category, selected.key) : undefined}
      data-wrap={wrap}
      data-columns={look.columns.filter((column) => !isFieldColumn(column)).join(' ')}
      onScroll={onScroll}
      onMouseDown={(event) => {
        // The browser would mark the text up to here.
        if (!event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        event.currentTarget.focus();
      }}
      onClick={onClick}
      onKeyDown={(event) => listKeys(event, rows, dashboard, reversed)}
    >
      <div role="row" class="list-head" aria-rowindex={1}>
        {look.columns.map((column) => (
          <span
            key={column}
            role="columnheader"
            class={isFieldColumn(column) ? 'cell-field' : `cell-${column}`}
            title={isFieldColumn(column) ? fieldLabel(column) : undefined}
          >
            {column === 'message'
              ? 'Message'
              : column === 'seq'
                ? '#'
                : column === 'time' && topDay !== today
                  ? topDay
                  : isFieldColumn(column)
                    ? fieldLabel(column)
                    : COLUMN_LABELS[column]}
          </span>
        ))}
      </div>
      <div role="presentation" class="list-rows" style={{ height: `${list.height}px` }}>
        <div role="presentation" class="list-window" style={{ transform: `translateY(${list.offset}px)` }}>
          {list.items.map(({ key, index, start }, place) => {
            const row = shown[at(index)];
            return (
              row && (
                <ListRow
                  key={key}
                  row={row}
                  category={category}
                  index={index}
                  selected={row.key >= firstChosen && row.key <= lastChosen}
                  day={dayFrom(row, shown[at(index - 1)], parts.zone, today)}
                  skipped={place === 0 ? 0 : start - list.items[place - 1]!.end}
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

/** The day of a row with which another one begins than that of the row above; at the top, one that is not today. */
function dayFrom(row: Row, above: Row | undefined, zone: TimeZone, today: string): string | undefined {
  if (row.kind !== 'record' || (above && above.kind !== 'record')) return undefined;
  const day = dayOf(row.time, zone);
  return day === '' || day === (above ? dayOf(above.time, zone) : today) ? undefined : day;
}
