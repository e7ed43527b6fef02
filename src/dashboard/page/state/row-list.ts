import { signal } from '@preact/signals';
import { auditFacts } from '../model/audit-facts.js';
import { SPARSE, type SparseColumn } from '../model/columns.js';
import { type Category, positionOf, type Row } from '../model/row.js';
import { type Frames } from './frames.js';

/** Rows in a list, one of which may be selected and read. */
export abstract class RowList {
  /** Changes at most once a frame, whenever there is something else to show. */
  readonly version = signal(0);
  readonly selected = signal<Row | undefined>(undefined);
  readonly detailOpen = signal(false);
  /** Key of a row that the list is to bring into view. */
  readonly wanted = signal<number | undefined>(undefined);
  /** Columns for which there has been a value. */
  readonly filled = signal<ReadonlySet<SparseColumn>>(new Set());

  constructor(
    readonly category: Category,
    protected readonly frames: Frames,
  ) {}

  /** In order, oldest first. */
  abstract get shown(): readonly Row[];

  abstract get title(): string;

  /** What is searched for, to be marked. */
  abstract get needle(): string;

  select(row: Row | undefined): void {
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

  protected noteColumns(row: Row): void {
    const filled = this.filled.peek();
    if (row.kind !== 'record' || row.category !== 'audit' || filled.size === SPARSE.length) return;
    const { outcome, durationMs: duration } = auditFacts(row.data);
    const values = { outcome, duration };
    const found = SPARSE.filter((column) => !filled.has(column) && values[column] !== undefined);
    if (found.length > 0) this.filled.value = new Set([...filled, ...found]);
  }

  protected changed(): void {
    this.frames.next(this.render);
  }

  private readonly render = (): void => {
    this.version.value += 1;
  };
}
