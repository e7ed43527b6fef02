import {
  defaultRangeExtractor,
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type Range,
  type VirtualItem,
  Virtualizer,
} from '@tanstack/virtual-core';
import { useLayoutEffect, useReducer, useState } from 'preact/hooks';
import { type RefObject } from 'preact';

interface WindowOptions {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly count: number;
  readonly keyOf: (index: number) => number;
  /** Height of a row that was not measured, in pixels. */
  readonly rowHeight: number;
  /** Whether rows may have other heights. */
  readonly measured: boolean;
  /** Height of what sticks to the top. */
  readonly headHeight: number;
  /** The edge that new rows come to, where the list is to stay; `undefined` for it to stay where it is read. */
  readonly follow: 'top' | 'bottom' | undefined;
  /** Whether rows are only ever added behind the last one, where somebody reads them as they come. */
  readonly growsAtEnd: boolean;
  /** Rows that are there also when they are out of view: a text is marked in them. */
  readonly pinned: readonly number[];
}

export interface RowWindow {
  readonly items: readonly VirtualItem[];
  /** Height of all rows together, and of what is above the first item. */
  readonly height: number;
  readonly offset: number;
  readonly measure: (element: Element | null) => void;
  readonly scrollTo: (index: number) => void;
  /** Whether a scroll event is the echo of our own writing, not somebody's. */
  readonly isOwnScroll: () => boolean;
}

/**
 * The rows in view. TanStack's virtualizer knows rows by key, not by place: their heights stay right, and what is read
 * stays where it is, when rows are cut off above, fetched into a gap or added at the top. Following is done here: it
 * must be decided before the rows are rendered, or a burst would show an empty frame.
 */
export function useRowWindow(options: WindowOptions): RowWindow {
  const [, rerender] = useReducer((renders: number) => renders + 1, 0);
  const [own] = useState({ top: -1 });
  const settings = {
    count: options.count,
    getScrollElement: () => options.scroller.current,
    estimateSize: () => options.rowHeight,
    getItemKey: options.keyOf,
    // Who follows does not scroll: rows that nobody sees would be rendered for nothing.
    overscan: options.follow ? 1 : 6,
    rangeExtractor: options.pinned.length === 0 ? defaultRangeExtractor : withPinned(options.pinned),
    scrollMargin: options.headHeight,
    scrollPaddingStart: options.headHeight,
    anchorTo: options.follow || options.growsAtEnd ? 'start' : 'end',
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => rerender(undefined),
  } as const;
  const [virtualizer] = useState(() => new Virtualizer<HTMLElement, Element>(settings));
  virtualizer.setOptions(settings);
  const height = virtualizer.getTotalSize();

  const element = options.scroller.current;
  // As its observer has told: to ask the element would have the browser lay out the page in the middle of a render.
  const viewport = virtualizer.scrollRect?.height ?? 0;
  const end = Math.max(0, height + options.headHeight - viewport);
  const target = options.follow === 'top' ? 0 : options.follow === 'bottom' ? end : undefined;
  if (target !== undefined && element) virtualizer.scrollOffset = target;
  const items = virtualizer.getVirtualItems();

  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => {
    virtualizer._willUpdate();
    if (target === undefined || !element || own.top === target) return;
    own.top = target;
    // Behind all that is rendered now, for the same reason: scrolling needs to know how much there is to scroll.
    queueMicrotask(() => (element.scrollTop = target));
  });
  // Heights of rows of another kind are wrong for these.
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, options.measured, options.rowHeight]);
  useLayoutEffect(() => forget(virtualizer, options.count > 0 ? options.keyOf : undefined));

  return {
    items,
    height,
    offset: (items[0]?.start ?? options.headHeight) - options.headHeight,
    measure: options.measured ? virtualizer.measureElement : ignore,
    scrollTo: (index) => virtualizer.scrollToIndex(index, { align: 'auto' }),
    isOwnScroll: () => {
      const isOwn = Math.abs((options.scroller.current?.scrollTop ?? 0) - own.top) <= 1;
      // Somebody has taken it elsewhere: to follow again is to write again.
      if (!isOwn) own.top = -1;
      return isOwn;
    },
  };
}

function withPinned(pinned: readonly number[]): (range: Range) => number[] {
  return (range) => [...new Set([...defaultRangeExtractor(range), ...pinned])].toSorted((a, b) => a - b);
}

/** More heights than rows can be held are those of rows that are gone: an hour of a busy log would be millions. */
const MOST_HEIGHTS = 50_000;

function forget(
  { itemSizeCache, options }: Virtualizer<HTMLElement, Element>,
  keyOf: WindowOptions['keyOf'] | undefined,
): void {
  if (itemSizeCache.size < MOST_HEIGHTS) return;
  const oldest = keyOf ? Math.min(keyOf(0), keyOf(options.count - 1)) : Number.POSITIVE_INFINITY;
  for (const key of itemSizeCache.keys()) if (Number(key) < oldest) itemSizeCache.delete(key);
}

function ignore(): void {
  // Rows of one height need not be measured.
}
