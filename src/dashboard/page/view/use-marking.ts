import { useEffect, useRef } from 'preact/hooks';
import { type RefObject } from 'preact';
import { type RowList } from '../state/row-list.js';
import { markedRange, markedText, rowAround } from './marked-text.js';

interface Lines {
  /** Of the rows at these places in the list, the last one not included. */
  readonly between: (from: number, to: number) => readonly string[];
  /** Of the rows that are selected. */
  readonly chosen: () => readonly string[];
}

/** Lets text be marked and copied in a list that moves. */
export function useMarking(scroller: RefObject<HTMLElement | null>, rows: RowList, lines: Lines): void {
  const latest = useRef(lines);
  latest.current = lines;
  useEffect(() => {
    const list = scroller.current;
    if (!list) return undefined;
    const down = (event: PointerEvent): void => {
      if (event.button === 0) rows.press(true);
    };
    const up = (): void => {
      if (rows.pressed.peek()) rows.press(false);
    };
    const change = (): void => {
      const range = markedRange(list);
      if (!range && !rows.marked.peek()) return;
      const ends = range && [range.startContainer, range.endContainer].map((node) => rowAround(list, node));
      rows.mark(ends?.flatMap((row) => (row ? [Number(row.id.slice(row.id.indexOf('-') + 1))] : [])));
    };
    const copy = (event: ClipboardEvent): void => {
      const range = markedRange(list);
      const inside = range && list.contains(range.commonAncestorContainer);
      if (!inside && (range || !list.contains(document.activeElement))) return;
      const text = inside
        ? markedText(list, range, latest.current.between)
        : latest.current.chosen().join('\n');
      if (text === '') return;
      event.clipboardData?.setData('text/plain', text);
      event.preventDefault();
    };
    list.addEventListener('pointerdown', down);
    document.addEventListener('pointerup', up);
    document.addEventListener('pointercancel', up);
    document.addEventListener('selectionchange', change);
    document.addEventListener('copy', copy);
    return () => {
      list.removeEventListener('pointerdown', down);
      document.removeEventListener('pointerup', up);
      document.removeEventListener('pointercancel', up);
      document.removeEventListener('selectionchange', change);
      document.removeEventListener('copy', copy);
      rows.press(false);
      rows.mark(undefined);
    };
  }, [scroller, rows]);
}
