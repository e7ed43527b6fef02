import { computed, signal } from '@preact/signals';
import { foldRepeats } from '../model/fold-repeats.js';
import { count } from '../model/format.js';
import { Marks, MOST_MARKS } from '../model/marks.js';
import {
  compilePanelFilter,
  type FieldCondition,
  isFiltering,
  type PanelFilter,
  withField,
} from '../model/panel-filter.js';
import { type Category, positionOf, type Row } from '../model/row.js';
import { RowStore } from '../model/row-store.js';
import { RowView } from '../model/row-view.js';
import { type Frames } from './frames.js';
import { type MarkedRows, RowList } from './row-list.js';

/** Time between two changes of the counts, in milliseconds: nobody reads them faster, and each lays out the head anew. */
const COUNT_MS = 200;

const EVERYTHING = (): boolean => true;

interface FoldedRows {
  readonly of: readonly Row[];
  readonly length: number;
  readonly rows: readonly Row[];
}

/** One panel: its records, and how they are looked at. */
export class Panel extends RowList {
  readonly store = new RowStore();
  readonly view: RowView;
  readonly filter;
  readonly held = signal(false);
  /** Whether repeats of a message stand in one row. */
  readonly folding = signal(false);
  private folded: FoldedRows = { of: [], length: 0, rows: [] };
  /** Changes some times a second at most, when there are other numbers to show. */
  readonly counted = signal(0);
  private readonly marking;
  private countedAt = 0;
  /** Whether the newest rows are kept in view. */
  readonly following = signal(true);
  /** The record that is shown among its neighbours, whatever the filter says. */
  readonly around = signal<Row | undefined>(undefined);
  /** Key of the newest row that was there when the tail was left. */
  private seen = Number.POSITIVE_INFINITY;

  constructor(category: Category, filter: PanelFilter, frames: Frames) {
    super(category, frames);
    this.filter = signal(filter);
    this.marking = computed(() => new Marks(this.filter.value.search, this.filter.value.marks));
    this.view = new RowView(this.store, compilePanelFilter(filter));
    this.store.prefer(filter);
  }

  get shown(): readonly Row[] {
    if (!this.folding.value) return this.view.shown;
    const { shown } = this.view;
    const { of, length, rows } = this.folded;
    // What is shown is the same list, grown at its end, or another one.
    if (of !== shown || length !== shown.length) {
      this.folded = { of: shown, length: shown.length, rows: foldRepeats(shown) };
      return this.folded.rows;
    }
    return rows;
  }

  override get exported(): readonly Row[] {
    return this.view.shown;
  }

  /** Puts repeats together, or shows each by itself again. */
  fold(folding: boolean): void {
    this.folding.value = folding;
    this.changed();
  }

  get title(): string {
    return this.category === 'system' ? 'System' : 'Audit';
  }

  /** How many of what is shown are records. */
  get shownRecords(): number {
    return this.exported.reduce((sum, { kind }) => sum + Number(kind === 'record'), 0);
  }

  /** What is held where, in sentences; '' when that is all there was. */
  get heldText(): string {
    const { records, older, evicted } = this.store;
    if (evicted === 0) return '';
    const kept =
      older > 0 ? `, ${count(older)} of them older than the newest, held because they pass the filter` : '';
    return `This page holds ${count(records)} records${kept}. ${count(evicted)} older ones were let go of.`;
  }

  get marks(): Marks {
    return this.marking.value;
  }

  get filtering(): boolean {
    return isFiltering(this.filter.value);
  }

  /** How many rows have come that are not in view: below, or behind a view that is held. */
  get unseen(): number {
    if (this.view.isHeld) return this.view.pending;
    if (this.keepsUp) return 0;
    return this.shown.length - positionOf(this.shown, this.seen + 1);
  }

  /** Whether the list moves on with what comes: not under a pointer that is down, nor under a marked text. */
  get keepsUp(): boolean {
    return this.following.value && !this.held.value && !this.pressed.value && !this.marked.value;
  }

  append(row: Row): void {
    this.view.append(row);
    this.seenFields.note(row);
    this.changed();
  }

  merge(rows: readonly Row[], replaced?: number): void {
    this.view.merge(rows, replaced);
    for (const row of rows) this.seenFields.note(row);
    this.changed();
  }

  setFilter(filter: PanelFilter): void {
    this.filter.value = filter;
    this.around.value = undefined;
    this.applyFilter();
  }

  /** @param index which of the terms that stand out */
  highlight(index: number, term: string): void {
    const filter = this.filter.value;
    const marks = Array.from({ length: Math.max(filter.marks.length, index + 1) }, (_, place) =>
      place === index ? term : (filter.marks[place] ?? ''),
    );
    while (marks.at(-1) === '') marks.pop();
    this.filter.value = { ...filter, marks };
    this.changed();
  }

  /** Has one more term stand out; without room, in the place of the last. */
  highlightAlso(term: string): void {
    const { marks } = this.filter.value;
    const free = Array.from({ length: MOST_MARKS }, (_, place) => place).find((place) => !marks[place]);
    this.highlight(free ?? MOST_MARKS - 1, term);
  }

  filterBy(condition: FieldCondition): void {
    this.setFilter(withField(this.filter.value, condition));
  }

  hold(): void {
    if (this.held.value) return;
    if (!this.view.isHeld) this.view.hold();
    this.held.value = true;
    this.changed();
  }

  release(): void {
    if (!this.held.value) return;
    this.held.value = false;
    if (!this.marked.value) this.view.release();
    this.follow(true);
  }

  override press(pressed: boolean): void {
    if (pressed && this.keepsUp) this.seen = this.shown.at(-1)?.key ?? -1;
    super.press(pressed);
    this.changed();
  }

  /** What is marked stays as it is until somebody has copied it: the view stands still. */
  override mark(rows: MarkedRows | undefined): void {
    if (rows && !this.view.isHeld) this.view.hold();
    super.mark(rows);
    if (!rows && !this.held.value && this.view.isHeld) this.view.release();
    this.changed();
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

  override select(row: Row | undefined): void {
    if (row) this.follow(false);
    super.select(row);
  }

  override selectTo(row: Row | undefined): void {
    this.follow(false);
    super.selectTo(row);
  }

  override selectAll(): void {
    this.follow(false);
    super.selectAll();
  }

  /** Shows a record among all others, or with `undefined` the filter's choice again. */
  showAround(row: Row | undefined): void {
    const place = row ?? this.around.value;
    this.around.value = row;
    this.applyFilter();
    if (place) this.select(place);
  }

  protected override changed(): void {
    super.changed();
    this.frames.next(this.tally);
  }

  /** Asks again each frame until it is time: a timer would go on in a tab that nobody sees. */
  private readonly tally = (): void => {
    const now = performance.now();
    if (now - this.countedAt < COUNT_MS) return this.frames.next(this.tally);
    this.countedAt = now;
    this.weighColumns();
    this.counted.value += 1;
  };

  private applyFilter(): void {
    this.store.prefer(this.filter.value);
    this.view.filter(this.around.value ? EVERYTHING : compilePanelFilter(this.filter.value));
    this.changed();
  }
}
