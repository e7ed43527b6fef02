import { type Subscription } from 'rxjs';
import { type ResolvedLogStreamOptions } from '../options/resolved-options.js';
import { type LogRecord } from '../record/log-record.js';
import { type StreamPlace } from '../stream/audit-keeper.js';
import { type LogStream } from '../stream/log-stream.js';
import { ChunkReader } from './chunk-reader.js';
import { compileFilters } from './filter/compile-filter.js';
import { seenCategories } from './filter/seen-categories.js';
import { FanOutTotals } from './fan-out-totals.js';
import { type FilterSpec } from './filter/filter-spec.js';
import { FlushSchedule } from './flush-schedule.js';
import { type Framing } from './framing.js';
import { LiveGroup } from './live-group.js';
import { type Outlet } from './outlet.js';
import { Past } from './past.js';
import { Watcher } from './watcher.js';

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
  readonly group: LiveGroup;
  watchers: number;
}

/** Hands the stream to all clients. Subscribed to the stream only while there are clients. */
export class FanOut {
  readonly totals = new FanOutTotals();
  private readonly seats = new Map<string, Seat>();
  private readonly seatOf = new Map<Watcher, Seat>();
  private readonly schedule: FlushSchedule;
  private subscription: Subscription | undefined;
  /** Records that came since the last flush, and their estimated memory. */
  private waiting = { records: 0, bytes: 0 };

  constructor(
    private readonly stream: LogStream,
    private readonly bounds: ResolvedLogStreamOptions['flush'],
  ) {
    this.schedule = new FlushSchedule(bounds, (urgent) => this.flush(urgent));
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
   * @param from position of the first record, where the client asked for one: it is told when it has read up to
   *   the live records. The next one to be produced without it.
   * @param past where to read before that, in what an audit keeper has of earlier epochs
   */
  watch(outlet: Outlet, selection: Selection, from?: number, past?: StreamPlace): Watcher {
    const { history } = this.stream;
    this.subscription ??= this.stream.own$.subscribe((record) => this.arrived(record));
    const seat = this.seatFor(selection);
    const replaying = from !== undefined;
    const watcher = new Watcher(
      history,
      outlet,
      seat.group,
      from ?? history.end,
      replaying,
      this.totals,
      (position) => this.pastAt({ epoch: this.stream.cursors.epoch, position }),
      past && this.pastAt(past),
    );
    this.seatOf.set(watcher, seat);
    watcher.catchUp();
    return watcher;
  }

  /** Changes what a client gets: no record is missed or repeated, unless a position is given. */
  reselect(watcher: Watcher, selection: Selection, from?: number, past?: StreamPlace): void {
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
    this.subscription?.unsubscribe();
    this.subscription = undefined;
    this.schedule.stop();
    this.waiting = { records: 0, bytes: 0 };
    if (!this.stream.keeps) this.stream.history.clear();
  }

  /** Writes what is waiting. @param now without yielding to the event loop, as before a shutdown */
  flush(now = false): void {
    const { end } = this.stream.history;
    this.waiting = { records: 0, bytes: 0 };
    for (const { group } of this.seats.values()) {
      if (now) group.flushNow();
      else group.flush();
    }
    // The stream does not hand us what an urgent flush, inside of our own observer, has led to.
    if (this.stream.history.end > end) this.schedule.arrived();
  }

  private arrived(record: LogRecord): void {
    const { history } = this.stream;
    this.waiting.records += 1;
    this.waiting.bytes += history.bytesAt(record.seq);
    // Once half of the history is unread, waiting longer would push records out of it unread.
    const { records, bytes } = history.bounds;
    this.schedule.arrived(2 * this.waiting.records >= records || 2 * this.waiting.bytes >= bytes);
  }

  private pastAt(place: StreamPlace): Past | undefined {
    const { keeper, cursors } = this.stream;
    return keeper && new Past(keeper, cursors.epoch, place);
  }

  private seatFor({ framing, filters }: Selection): Seat {
    const key = `${framing.name} ${JSON.stringify(filters)}`;
    let seat = this.seats.get(key);
    if (!seat) {
      const reader = new ChunkReader(this.stream.history, framing, compileFilters(filters), this.bounds);
      const group = new LiveGroup(this.stream.history, reader, this.totals, seenCategories(filters));
      seat = { key, group, watchers: 0 };
      this.seats.set(key, seat);
    }
    seat.watchers += 1;
    return seat;
  }

  private leave(seat: Seat): void {
    seat.watchers -= 1;
    if (seat.watchers > 0) return;
    seat.group.stop();
    this.seats.delete(seat.key);
  }
}
