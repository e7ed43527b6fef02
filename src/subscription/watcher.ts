import { type History } from '../stream/history.js';
import { type Chunk } from './chunk-reader.js';
import { type FanOutTotals } from './fan-out-totals.js';
import { type GapReason } from './gap.js';
import { type LiveGroup } from './live-group.js';
import { HIGH_WATER_MARK, type Outlet } from './outlet.js';

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
  ) {}

  /** Position of the next record that this client will get. */
  get cursor(): number {
    return this.position;
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
    if (this.position >= this.group.cursor) return this.goLive();
    if (this.position < this.history.start) {
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
  moveTo(group: LiveGroup, position?: number): void {
    if (this.state === 'stopped') return;
    this.group.leave(this);
    this.wait += 1;
    this.group = group;
    if (position !== undefined) {
      this.position = position;
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
