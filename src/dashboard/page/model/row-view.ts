import { positionOf, type Row } from './row.js';
import { type RowStore } from './row-store.js';

/**
 * The rows of a store that pass the filter. Each new row is looked at once; all are looked at only when the filter
 * changes. Held, it shows what there was at that moment, while the store goes on.
 */
export class RowView {
  shown: Row[] = [];
  /** Rows that have come since the view was held and pass the filter. */
  pending = 0;
  private held: { readonly rows: readonly Row[]; readonly lastKey: number } | undefined;

  constructor(
    private readonly store: RowStore,
    private matches: (row: Row) => boolean,
  ) {
    this.rebuild();
  }

  get isHeld(): boolean {
    return this.held !== undefined;
  }

  /** Adds a row to the store, and to what is shown if it passes. */
  append(row: Row): void {
    const moved = this.store.append(row);
    if (this.held) {
      if (row.key > this.held.lastKey && this.matches(row)) this.pending += 1;
    } else if (moved) {
      this.followStore();
      if (this.store.rows.at(-1) !== row) this.rebuild();
      else if (this.matches(row)) this.shown.push(row);
    } else if (this.matches(row)) {
      this.shown.push(row);
    }
  }

  /** Puts rows in the middle, as {@link RowStore.merge}; also into a view that is held: somebody has asked for them. */
  merge(added: readonly Row[], replaced?: number): void {
    this.store.merge(added, replaced);
    if (this.held) {
      const { lastKey } = this.held;
      this.held = { rows: this.store.rows.filter(({ key }) => key <= lastKey), lastKey };
    }
    this.rebuild();
  }

  filter(matches: (row: Row) => boolean): void {
    this.matches = matches;
    this.rebuild();
  }

  hold(): void {
    this.held = { rows: [...this.store.rows], lastKey: this.store.rows.at(-1)?.key ?? -1 };
    this.rebuild();
  }

  release(): void {
    this.held = undefined;
    this.rebuild();
  }

  clear(): void {
    this.store.clear();
    if (this.held) this.hold();
    else this.rebuild();
  }

  private rebuild(): void {
    this.shown = (this.held?.rows ?? this.store.rows).filter(this.matches);
    const { held } = this;
    this.pending = held
      ? this.store.rows.slice(positionOf(this.store.rows, held.lastKey + 1)).filter(this.matches).length
      : 0;
  }

  /** Lets go of what the store has let go of. */
  private followStore(): void {
    const { rows } = this.store;
    let at = 0;
    this.shown = this.shown.filter((row) => {
      while (at < rows.length && rows[at]!.key < row.key) at += 1;
      return rows[at] === row;
    });
  }
}
