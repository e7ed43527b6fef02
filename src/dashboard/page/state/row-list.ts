import { signal } from '@preact/signals';
import { type SparseColumn } from '../model/columns.js';
import { SeenFields } from '../model/field-columns.js';
import { filledColumns } from '../model/filled-columns.js';
import { type Marks } from '../model/marks.js';
import { type Category, positionOf, type Row } from '../model/row.js';
import { type Frames } from './frames.js';

/** Where a text is marked: keys of the rows in which it begins and ends, as far as those are in the list. */
export type MarkedRows = readonly number[];

/** Rows in a list, one of which may be selected and read. */
export abstract class RowList {
  /** Changes at most once a frame, whenever there is something else to show. */
  readonly version = signal(0);
  readonly selected = signal<Row | undefined>(undefined);
  readonly detailOpen = signal(false);
  /** What can be chosen as a column. */
  readonly seenFields = new SeenFields();
  /** The other end of the rows that are selected together. */
  readonly anchor = signal<Row | undefined>(undefined);
  /** Somebody holds the pointer down in the list, and may be marking a text. */
  readonly pressed = signal(false);
  /** A text is marked. */
  readonly marked = signal<MarkedRows | undefined>(undefined);
  /** Key of a row that the list is to bring into view. */
  readonly wanted = signal<number | undefined>(undefined);
  /** Columns that many of the newest rows have a value for. */
  readonly filled = signal<ReadonlySet<SparseColumn>>(new Set());

  constructor(
    readonly category: Category,
    protected readonly frames: Frames,
  ) {}

  /** In order, oldest first. */
  abstract get shown(): readonly Row[];

  /** The same, without anything put together: what is exported. */
  get exported(): readonly Row[] {
    return this.shown;
  }

  abstract get title(): string;

  /** What stands out in its texts; the same object until that changes. */
  abstract get marks(): Marks;

  select(row: Row | undefined): void {
    this.anchor.value = undefined;
    this.choose(row);
  }

  /** Selects all from what is selected to this row. */
  selectTo(row: Row | undefined): void {
    this.anchor.value ??= this.selected.value;
    this.choose(row);
  }

  selectAll(): void {
    this.anchor.value = this.shown[0];
    this.choose(this.shown.at(-1));
  }

  /** What is selected, in order; more than one row where somebody has chosen several. */
  get chosen(): readonly Row[] {
    const [from = Number.NaN, to = Number.NaN] = this.chosenKeys;
    return this.shown.filter(({ key }) => key >= from && key <= to);
  }

  /** The records behind what is selected, each by itself. */
  get chosenExported(): readonly Row[] {
    const { chosen } = this;
    const last = chosen.at(-1);
    const to = (last?.kind === 'record' ? last.repeats?.last : undefined) ?? last?.key ?? Number.NaN;
    return this.exported.filter(({ key }) => key >= (chosen[0]?.key ?? Number.NaN) && key <= to);
  }

  /** The first and the last of them. */
  get chosenKeys(): readonly [from: number, to: number] | readonly [] {
    const selected = this.selected.value?.key;
    if (selected === undefined) return [];
    const anchor = this.anchor.value?.key ?? selected;
    return [Math.min(anchor, selected), Math.max(anchor, selected)];
  }

  press(pressed: boolean): void {
    this.pressed.value = pressed;
  }

  mark(rows: MarkedRows | undefined): void {
    this.marked.value = rows;
  }

  private choose(row: Row | undefined): void {
    this.selected.value = row;
    if (row) this.wanted.value = row.key;
    else this.detailOpen.value = false;
  }

  /**
   * Selects what stands so many rows further down in time; from nothing, the newest.
   *
   * @param extend whether what was selected stays so
   */
  move(step: number, extend = false): void {
    const { shown } = this;
    if (shown.length === 0) return;
    const current = this.selected.value;
    const from = current ? positionOf(shown, current.key) : shown.length;
    const row = shown[Math.min(shown.length - 1, Math.max(0, from + step))];
    if (extend) this.selectTo(row);
    else this.select(row);
  }

  /** Looks at the newest rows: a column that few of them fill takes no room, its values stand with the message. */
  protected weighColumns(): void {
    if (this.category !== 'audit') return;
    const before = this.filled.peek();
    const filled = filledColumns(this.shown, before);
    if (filled.size !== before.size || [...filled].some((column) => !before.has(column)))
      this.filled.value = filled;
  }

  protected changed(): void {
    this.frames.next(this.render);
  }

  private readonly render = (): void => {
    this.version.value += 1;
  };
}
