import { computed, signal } from '@preact/signals';
import { Marks } from '../model/marks.js';
import { type RecordRow } from '../model/row.js';
import { rowOfEntry } from '../model/trail-entry.js';
import { ANY_ENTRY, type TrailQuery } from '../model/trail-query.js';
import { type Frames } from './frames.js';
import { RowList } from './row-list.js';
import { TrailRefusal, type TrailRoute } from './trail-route.js';

/** Entries asked for at a time: some screens, since each reading is recorded in the trail. */
const PAGE = 200;

/** Most entries that the page holds, about 10 MB: who needs more exports them. */
export const MOST_FOUND = 10_000;

/** The server gives up on a page after a while; after so many empty ones somebody is asked whether to go on. */
const MOST_EMPTY = 5;

/** How far a search is. `paused`: looked for long and found nothing; `full`: more than the page holds. */
export type SearchPhase = 'idle' | 'searching' | 'more' | 'paused' | 'full' | 'done' | 'refused';

/** A search in the whole trail: what was found, newest first, page by page as somebody scrolls. */
export class TrailSearch extends RowList {
  /** Whether the panel shows it instead of what comes in. */
  readonly open = signal(false);
  /** What was last searched for. */
  readonly query = signal<TrailQuery>(ANY_ENTRY);
  readonly phase = signal<SearchPhase>('idle');
  readonly refusal = signal<TrailRefusal | undefined>(undefined);
  /** Changes with every search: the list begins at its top again. */
  readonly number = signal(0);
  private readonly marking = computed(() => new Marks(this.query.value.text));
  private found: RecordRow[] = [];
  private next: number | undefined;
  private empty = 0;
  private asking: AbortController | undefined;

  constructor(
    private readonly route: TrailRoute,
    frames: Frames,
  ) {
    super('audit', frames);
  }

  get shown(): readonly RecordRow[] {
    return this.found;
  }

  get title(): string {
    return 'Trail';
  }

  get marks(): Marks {
    return this.marking.value;
  }

  /** The oldest entry that was found, or `undefined`. */
  get oldest(): RecordRow | undefined {
    return this.found[0];
  }

  search(query: TrailQuery): void {
    this.open.value = true;
    this.query.value = query;
    this.number.value += 1;
    this.found = [];
    this.next = undefined;
    this.select(undefined);
    this.ask();
  }

  /** Back to what comes in. What was found stays, for who returns. */
  close(): void {
    this.open.value = false;
    this.asking?.abort();
    if (this.phase.value === 'searching') this.phase.value = this.next === undefined ? 'idle' : 'more';
  }

  /** Opens the search where it was left, or with the newest entries. */
  reopen(): void {
    this.open.value = true;
    if (this.phase.value === 'idle') this.search(this.query.value);
  }

  /** The list has come near its end. */
  more(): void {
    if (this.phase.value === 'more') this.ask();
  }

  /** Goes on after a pause, or tries again after a refusal. */
  goOn(): void {
    this.empty = 0;
    this.ask();
  }

  signIn(): void {
    this.route.signOut();
  }

  private ask(): void {
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    this.phase.value = 'searching';
    this.refusal.value = undefined;
    void this.page(asking.signal).catch((error: unknown) => {
      if (asking.signal.aborted) return;
      this.refusal.value = error instanceof TrailRefusal ? error : new TrailRefusal(0, String(error));
      this.phase.value = 'refused';
    });
  }

  private async page(signal: AbortSignal): Promise<void> {
    const { entries, next } = await this.route.entries(this.query.value, PAGE, this.next, signal);
    if (signal.aborted) return;
    const rows = entries.map(rowOfEntry).toReversed();
    this.found = [...rows, ...this.found];
    for (const row of rows) this.seenFields.note(row);
    this.weighColumns();
    this.next = next;
    this.empty = rows.length > 0 ? 0 : this.empty + 1;
    this.phase.value = this.reached();
    this.changed();
  }

  private reached(): SearchPhase {
    if (this.next === undefined) return 'done';
    if (this.found.length >= MOST_FOUND) return 'full';
    return this.empty >= MOST_EMPTY ? 'paused' : 'more';
  }
}
