import { type ResolvedLogStreamOptions } from '../options/resolved-options.js';
import { type StreamPlace } from '../stream/audit-keeper.js';
import { type RecordSource } from '../stream/record-source.js';
import { ChunkReader } from './chunk-reader.js';
import { compileFilters } from '../wire/filter/compile-filter.js';
import { seenCategories } from './filter/seen-categories.js';
import { FanOutTotals } from './fan-out-totals.js';
import { type FilterSpec } from '../wire/filter/filter-spec.js';
import { FlushSchedule } from './flush-schedule.js';
import { type Framing } from './framing.js';
import { LastWords } from './last-words.js';
import { LiveGroup } from './live-group.js';
import { type Outlet } from './outlet.js';
import { Past } from './past.js';
import { type StartPoint } from './replay.js';
import { Unread } from './unread.js';
import { Watcher } from './watcher.js';
import { WorkQueue } from './work-queue.js';

/** What stands around the texts of a record on the wire, and not in the history: names, a timestamp, a frame. */
const WIRE_BYTES = 160;

/**
 * How long a flush may take that cannot wait, since a burst in one turn of the event loop has filled half of the history.
 * Whom it does not reach may be told of a gap: a hundred clients with a search each must not hold the application.
 */
const URGENT_MS = 250;

/** What a client gets, and how. */
export interface Selection {
  readonly framing: Framing;
  /**
   * All must let a record pass, each as `parseFilter` returns it: equal filters have equal JSON. A list, so that
   * what a client is held to stands beside what it asks for and cannot be replaced by it.
   */
  readonly filters: readonly FilterSpec[];
}

interface Seat {
  readonly key: string;
  readonly framing: Framing;
  readonly group: LiveGroup;
  watchers: number;
}

/** Hands the records of a source to all clients. Listens to it only while there are clients. */
export class FanOut {
  readonly totals = new FanOutTotals();
  private readonly seats = new Map<string, Seat>();
  private readonly seatOf = new Map<Watcher, Seat>();
  private readonly schedule: FlushSchedule;
  /** Stops listening to the source. */
  private unsubscribe: (() => void) | undefined;

  constructor(
    private readonly source: RecordSource,
    private readonly bounds: ResolvedLogStreamOptions['flush'],
    private readonly work = new WorkQueue(),
  ) {
    this.schedule = new FlushSchedule(
      bounds,
      (urgent) => {
        if (!urgent) this.work.beginTurn();
        this.flushWithin(urgent ? URGENT_MS : 0);
      },
      () => this.totals.flushMs,
    );
  }

  /** Number of groups: of different filters and framings that somebody watches with. */
  get groups(): number {
    return this.seats.size;
  }

  /** Records that the client which is furthest behind has not been handed. */
  get lag(): number {
    return Math.max(0, ...[...this.seatOf.keys()].map((watcher) => watcher.lag));
  }

  /**
   * Starts handing the stream to a client.
   *
   * @param from the first record, where the client asked for one: it is told when it has read up to the live records.
   *   The next one to be produced without it.
   * @param past where to read before that, in what an audit keeper has of earlier epochs
   */
  watch(outlet: Outlet, selection: Selection, from?: StartPoint, past?: StreamPlace): Watcher {
    const { history } = this.source;
    this.unsubscribe ??= this.subscribe();
    const seat = this.seatFor(selection);
    const watcher = new Watcher(history, outlet, seat.group, this.totals, (position) =>
      this.pastAt({ epoch: this.source.cursors.epoch, position }),
    );
    this.seatOf.set(watcher, seat);
    watcher.start(from, past && this.pastAt(past));
    return watcher;
  }

  /** Changes what a client gets: no record is missed or repeated, unless a position is given. */
  reselect(watcher: Watcher, selection: Selection, from?: StartPoint, past?: StreamPlace): void {
    const previous = this.seatOf.get(watcher);
    if (!previous) return;
    const seat = this.seatFor(selection);
    this.seatOf.set(watcher, seat);
    watcher.moveTo(seat.group, from, past && this.pastAt(past));
    this.leave(previous);
  }

  unwatch(watcher: Watcher): void {
    const seat = this.seatOf.get(watcher);
    if (!seat) return;
    watcher.stop();
    this.seatOf.delete(watcher);
    this.leave(seat);
    if (this.seatOf.size > 0) return;
    this.unsubscribe?.();
    this.unsubscribe = undefined;
    this.schedule.stop();
  }

  /** Writes what is waiting. @param now without yielding to the event loop, as before a shutdown */
  flush(now = false): void {
    this.flushWithin(now ? Number.POSITIVE_INFINITY : 0);
  }

  /** @param ms after which it yields to the event loop; with 0 it does as soon as the turn's work is done */
  private flushWithin(ms: number): void {
    const { end } = this.source.history;
    const until = ms === 0 ? 0 : performance.now() + ms;
    const isOver = (): boolean => performance.now() >= until;
    for (const { group } of this.seats.values()) {
      if (ms === 0 || isOver() || !group.flushNow(isOver)) group.flush();
    }
    // What a large group still has to be given is read again.
    this.source.history.release();
    // The source does not wake us up for what an urgent flush, inside of our own listener, has led to.
    if (this.source.history.end > end) this.schedule.arrived(0);
  }

  private subscribe(): () => void {
    const { history } = this.source;
    const unread = new Unread(history, () => this.slowest());
    const lastWords = new LastWords();
    let fatal = this.source.produced.CRITICAL;
    return this.source.onProduced((position) => {
      const bytes = history.bytesAt(position);
      unread.add(bytes);
      const isFatal = this.source.produced.CRITICAL > fatal;
      fatal = this.source.produced.CRITICAL;
      const isLast = isFatal && lastWords.mayGoNow(this.totals.flushMs);
      this.schedule.arrived(bytes + WIRE_BYTES, unread.isUrgent || isLast);
    });
  }

  /** Position of the group that is furthest behind: a large one may still be busy with an earlier flush. */
  private slowest(): number {
    let slowest = this.source.history.end;
    for (const { group } of this.seats.values()) slowest = Math.min(slowest, group.cursor);
    return slowest;
  }

  private pastAt(place: StreamPlace): Past | undefined {
    const { keeper, cursors } = this.source;
    return keeper && new Past(keeper, cursors.epoch, place);
  }

  private seatFor({ framing, filters }: Selection): Seat {
    const key = `${framing.name} ${JSON.stringify(filters)}`;
    let seat = this.seats.get(key);
    if (!seat) {
      const { history } = this.source;
      const reader = new ChunkReader(history, framing, compileFilters(filters), this.bounds, this.totals);
      const group = new LiveGroup(history, reader, this.totals, this.work, seenCategories(filters));
      seat = { key, framing, group, watchers: 0 };
      this.seats.set(key, seat);
      this.expectCallers();
    }
    seat.watchers += 1;
    return seat;
  }

  private leave(seat: Seat): void {
    seat.watchers -= 1;
    if (seat.watchers > 0) return;
    seat.group.stop();
    this.seats.delete(seat.key);
    this.expectCallers();
  }

  private expectCallers(): void {
    this.source.callerExpected = [...this.seats.values()].some(({ framing }) => framing.hasCallers === true);
  }
}
