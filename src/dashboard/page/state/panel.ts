import { signal } from '@preact/signals';
import { auditFacts } from '../model/audit-facts.js';
import { SPARSE, type SparseColumn } from '../model/columns.js';
import {
  compileFilter,
  type FieldCondition,
  isFiltering,
  type PanelFilter,
  withField,
} from '../model/panel-filter.js';
import { type Category, positionOf, type Row } from '../model/row.js';
import { RowStore } from '../model/row-store.js';
import { RowView } from '../model/row-view.js';
import { type Frames } from './frames.js';

const EVERYTHING = (): boolean => true;

/** One panel: its records, and how they are looked at. */
export class Panel {
  readonly store = new RowStore();
  readonly view: RowView;
  readonly filter;
  /** Changes at most once a frame, whenever there is something else to show. */
  readonly version = signal(0);
  readonly held = signal(false);
  /** Whether the newest rows are kept in view. */
  readonly following = signal(true);
  readonly selected = signal<Row | undefined>(undefined);
  readonly detailOpen = signal(false);
  /** The record that is shown among its neighbours, whatever the filter says. */
  readonly around = signal<Row | undefined>(undefined);
  /** Key of a row that the list is to bring into view. */
  readonly wanted = signal<number | undefined>(undefined);
  /** Key of the newest row that was there when the tail was left. */
  /** Columns for which there has been a value. */
  readonly filled = signal<ReadonlySet<SparseColumn>>(new Set());
  private seen = Number.POSITIVE_INFINITY;

  constructor(
    readonly category: Category,
    filter: PanelFilter,
    private readonly frames: Frames,
  ) {
    this.filter = signal(filter);
    this.view = new RowView(this.store, compileFilter(filter));
  }

  /** In order, oldest first. */
  get shown(): readonly Row[] {
    return this.view.shown;
  }

  get title(): string {
    return this.category === 'system' ? 'System' : 'Audit';
  }

  get filtering(): boolean {
    return isFiltering(this.filter.value);
  }

  /** How many rows have come that are not in view: below, or behind a view that is held. */
  get unseen(): number {
    if (this.held.value) return this.view.pending;
    if (this.following.value) return 0;
    return this.shown.length - positionOf(this.shown, this.seen + 1);
  }

  append(row: Row): void {
    this.view.append(row);
    this.noteColumns(row);
    this.changed();
  }

  merge(rows: readonly Row[], replaced?: number): void {
    this.view.merge(rows, replaced);
    for (const row of rows) this.noteColumns(row);
    this.changed();
  }

  setFilter(filter: PanelFilter): void {
    this.filter.value = filter;
    this.around.value = undefined;
    this.applyFilter();
  }

  filterBy(condition: FieldCondition): void {
    this.setFilter(withField(this.filter.value, condition));
  }

  hold(): void {
    if (this.held.value) return;
    this.view.hold();
    this.held.value = true;
    this.changed();
  }

  release(): void {
    if (!this.held.value) return;
    this.view.release();
    this.held.value = false;
    this.follow(true);
  }

  follow(following: boolean): void {
    if (following && this.held.value) return this.release();
    if (!following && this.following.value) this.seen = this.shown.at(-1)?.key ?? -1;
    this.following.value = following;
    this.changed();
  }

  clear(): void {
    this.view.clear();
    this.around.value = undefined;
    this.selected.value = undefined;
    this.detailOpen.value = false;
    this.follow(true);
  }

  select(row: Row | undefined): void {
    if (row) this.follow(false);
    this.selected.value = row;
    if (row) this.wanted.value = row.key;
    else this.detailOpen.value = false;
  }

  /** Selects what stands so many rows further down in time; from nothing, the newest. */
  move(step: number): void {
    const { shown } = this;
    if (shown.length === 0) return;
    const current = this.selected.value;
    const from = current ? positionOf(shown, current.key) : shown.length;
    this.select(shown[Math.min(shown.length - 1, Math.max(0, from + step))]);
  }

  /** Shows a record among all others, or with `undefined` the filter's choice again. */
  showAround(row: Row | undefined): void {
    const place = row ?? this.around.value;
    this.around.value = row;
    this.applyFilter();
    if (place) this.select(place);
  }

  private noteColumns(row: Row): void {
    const filled = this.filled.peek();
    if (row.kind !== 'record' || row.category !== 'audit' || filled.size === SPARSE.length) return;
    const { outcome, durationMs: duration } = auditFacts(row.data);
    const values = { outcome, duration };
    const found = SPARSE.filter((column) => !filled.has(column) && values[column] !== undefined);
    if (found.length > 0) this.filled.value = new Set([...filled, ...found]);
  }

  private applyFilter(): void {
    this.view.filter(this.around.value ? EVERYTHING : compileFilter(this.filter.value));
    this.changed();
  }

  private changed(): void {
    this.frames.next(this.render);
  }

  private readonly render = (): void => {
    this.version.value += 1;
  };
}
