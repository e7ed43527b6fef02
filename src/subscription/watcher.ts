import { type LogRecord } from '../record/log-record.js';
import { type StreamPlace } from '../stream/audit-keeper.js';
import { type History } from '../stream/history.js';
import { type Chunk } from './chunk-reader.js';
import { type FanOutTotals } from './fan-out-totals.js';
import { type GapReason } from './gap.js';
import { type LiveGroup } from './live-group.js';
import { HIGH_WATER_MARK, type Outlet } from './outlet.js';
import { type Past, type PastAt, type PastPage } from './past.js';

/** What became of the records that were produced since a client came. */
export interface WatcherCounts {
  delivered: number;
  filtered: number;
  missed: number;
}

/**
 * One client as the stream sees it: a position in the history, and an outlet.
 *
 * It is a member of its live group, or behind it, reading the history at the pace of its socket until it has
 * reached the group again, or paused. Slow, replaying and resuming clients are this one mechanism, and a stalled
 * client costs a number, not a queue.
 *
 * Invariant: `delivered + filtered + missed` is the distance that the position has moved by itself.
 */
export class Watcher {
  readonly counts: WatcherCounts = { delivered: 0, filtered: 0, missed: 0 };
  private state: 'live' | 'behind' | 'paused' | 'stopped' = 'behind';
  private waitingSince: number | undefined;
  /** Numbers the waits for the socket: an answer to an earlier one is void. */
  private wait = 0;

  constructor(
    private readonly history: History,
    private readonly outlet: Outlet,
    private group: LiveGroup,
    private position: number,
    /** Whether the client asked for the position, and is to be told when it has got from there to the head. */
    private replaying: boolean,
    private readonly totals: FanOutTotals,
    /** Opens what an audit keeper has from a place on. */
    private readonly pastAt: PastAt = () => undefined,
    /** Where the client starts when that is before this start of the application. */
    private past?: Past,
  ) {}

  /** Position of the next record that this client will get. */
  get cursor(): number {
    return this.position;
  }

  /** The same, where the next record is one that only the audit keeper has. */
  get place(): StreamPlace | undefined {
    return this.past?.at;
  }

  /** Records that were produced and that this client has not been handed. */
  get lag(): number {
    return this.history.end - this.position;
  }

  get backlog(): number {
    return this.outlet.backlog;
  }

  get paused(): boolean {
    return this.state === 'paused';
  }

  /** Whether it is behind and its socket takes nothing at the moment. */
  get waiting(): boolean {
    return this.state === 'behind' && this.waitingSince !== undefined;
  }

  /** How long the client's socket has not taken anything, in milliseconds; 0 when it need not. */
  stalledFor(now: number): number {
    return this.waiting ? now - this.waitingSince! : 0;
  }

  /** Writes a chunk that starts at this client's position. */
  deliver(chunk: Chunk): void {
    this.position = chunk.next;
    this.counts.delivered += chunk.delivered;
    this.counts.filtered += chunk.filtered;
    this.totals.delivered += chunk.delivered;
    this.totals.filtered += chunk.filtered;
    this.totals.bytes += chunk.bytes.length;
    if (chunk.bytes.length > 0) this.outlet.write(chunk.bytes);
  }

  /** Left the group: goes on at the pace of its socket. */
  fallBehind(): void {
    this.state = 'behind';
    this.waitingSince ??= performance.now();
    const wait = ++this.wait;
    this.outlet.whenWritable(() => {
      if (wait === this.wait) this.catchUp();
    });
  }

  /** Reads on from the position: one chunk, then waits for the socket, until the live group is reached. */
  catchUp(): void {
    if (this.state === 'stopped' || this.state === 'paused') return;
    // Pausing and asking anew must not get more out of us than waiting does.
    if (this.outlet.backlog > HIGH_WATER_MARK) return this.fallBehind();
    this.waitingSince = undefined;
    if (this.past) return this.readPast(this.past);
    if (this.position >= this.group.cursor) return this.goLive();
    if (this.position < this.history.start) {
      this.past = this.replaying && this.group.sees.audit ? this.pastAt(this.position) : undefined;
      if (this.past) return this.readPast(this.past);
      // Looks at everything anew: nothing may be left of what was missed, and telling may have led to more.
      if (this.skipTo(this.history.start, this.lossReason())) this.catchUp();
      else this.stop();
      return;
    }
    const { wait } = this;
    this.deliver(this.group.reader.read(this.position, this.group.cursor));
    // Writing may log, and so lead to anything: whoever was paused, moved or stopped meanwhile is not waiting.
    if (wait !== this.wait) return;
    // A newcomer whom its group has reached: waiting for the event loop would lose what a burst pushes out.
    const current = this.state === 'live' && this.position >= this.group.cursor;
    if (current && this.outlet.backlog <= HIGH_WATER_MARK) this.goLive();
    else this.fallBehind();
  }

  /** @returns false when the client cannot go on behind the gap */
  skipTo(position: number, reason: GapReason): boolean {
    const gap = { from: this.position, to: position, reason, audit: this.history.lostAudit(this.position) };
    this.counts.missed += position - this.position;
    this.position = position;
    return this.outlet.missed(gap);
  }

  pause(): void {
    if (this.state === 'stopped') return;
    this.group.leave(this);
    this.wait += 1;
    this.state = 'paused';
  }

  resume(): void {
    if (this.state !== 'paused') return;
    this.state = 'behind';
    this.catchUp();
  }

  /** Goes on with another filter, and at another position where one is given. */
  moveTo(group: LiveGroup, position?: number, past?: Past): void {
    if (this.state === 'stopped') return;
    this.group.leave(this);
    this.wait += 1;
    this.group = group;
    if (position !== undefined) {
      this.position = position;
      this.past = past;
      this.replaying = true;
    }
    if (this.state === 'paused') return;
    this.state = 'behind';
    this.catchUp();
  }

  stop(): void {
    this.state = 'stopped';
    this.wait += 1;
    this.group.leave(this);
  }

  /** Reads one page of what only the keeper has, then waits for the socket, until the history goes on. */
  private readPast(past: Past): void {
    const { start } = this.history;
    const wait = ++this.wait;
    const goOn = (page: PastPage | undefined): void => {
      // Paused, moved or stopped meanwhile: whoever comes back reads the page again.
      if (wait === this.wait) this.replayPast(past, page, start);
    };
    past.read(start).then(goOn, () => goOn(undefined));
  }

  private replayPast(past: Past, page: PastPage | undefined, start: number): void {
    if (!page) return this.giveUpPast(past);
    const { wait } = this;
    if (!page.complete) this.outlet.unrecoverable(false);
    for (const run of page.runs) {
      // Before it is written: that may log, and so lead to anything.
      past.passed(run);
      if (run.epoch === undefined) {
        if (!this.passOver(run.records, run.records.at(-1)!.seq + 1)) return this.stop();
        this.deliver(this.group.reader.frame(run.records));
      } else {
        // The account is one of this epoch's records.
        const { bytes } = this.group.reader.frame(run.records, run.epoch);
        if (bytes.length > 0) this.outlet.write(bytes);
      }
      if (wait !== this.wait) return;
    }
    if (page.done) {
      if (!this.passOver([], start)) return this.stop();
      this.past = undefined;
    }
    if (wait === this.wait) this.fallBehind();
  }

  /** Accounts for what lies around records that the keeper has: system records, of which it has none. */
  private passOver(kept: readonly LogRecord[], to: number): boolean {
    const lost = to - this.position - kept.length;
    if (lost <= 0) return true;
    if (!this.group.sees.system) {
      this.counts.filtered += lost;
      this.totals.filtered += lost;
    } else {
      this.counts.missed += lost;
      const gap = { from: this.position, to, kept: kept.length, reason: 'evicted', audit: false } as const;
      if (!this.outlet.missed(gap)) return false;
    }
    if (kept.length === 0) this.position = to;
    return true;
  }

  /** The keeper does not know the place, or has failed. */
  private giveUpPast(past: Past): void {
    this.past = undefined;
    if (past.isForeign) {
      this.outlet.unrecoverable(true);
      this.position = this.history.end;
    } else if (!this.skipTo(this.history.start, 'evicted')) return this.stop();
    this.catchUp();
  }

  private goLive(): void {
    this.state = 'live';
    this.group.join(this);
    if (!this.replaying) return;
    this.replaying = false;
    this.outlet.caughtUp(this.position);
  }

  private lossReason(): GapReason {
    return this.replaying ? 'evicted' : 'slow_consumer';
  }
}
