import { type StreamPlace } from '../stream/audit-keeper.js';
import { type RecordHistory } from '../stream/record-source.js';
import { Account, type WatcherCounts } from './account.js';
import { type Chunk } from './chunk-reader.js';
import { type FanOutTotals } from './fan-out-totals.js';
import { type GapReason } from '../wire/gap-reason.js';
import { LastMatching } from './last-matching.js';
import { type LiveGroup } from './live-group.js';
import { HIGH_WATER_MARK, type Outlet } from './outlet.js';
import { Pace } from './pace.js';
import { PastReplay } from './past-replay.js';
import { type Past, type PastAt } from './past.js';
import { type StartPoint } from './replay.js';

/**
 * One client as the stream sees it: a position in the history, and an outlet.
 *
 * It is a member of its live group, or behind it, reading the history at the pace of its socket until it has
 * reached the group again, or paused. Slow, replaying and resuming clients are this one mechanism, and a stalled
 * client costs a number, not a queue.
 */
export class Watcher {
  private readonly account: Account;
  private readonly pace = new Pace();
  private state: 'live' | 'behind' | 'paused' | 'stopped' = 'behind';
  private waitingSince: number | undefined;
  /** Numbers the waits for the socket: an answer to an earlier one is void. */
  private wait = 0;
  /** Whether the client asked for its position, and is to be told when it has got from there to the head. */
  private replaying = false;
  /** Looks for the position that the client asked for. */
  private search: LastMatching | undefined;
  /** What the client reads before the history. */
  private past: PastReplay | undefined;

  constructor(
    private readonly history: RecordHistory,
    private readonly outlet: Outlet,
    private group: LiveGroup,
    totals: FanOutTotals,
    /** Opens what an audit keeper has from a place on. */
    private readonly pastAt: PastAt = () => undefined,
  ) {
    this.account = new Account(history, outlet, totals, group.work);
  }

  /**
   * Starts to read.
   *
   * @param from where the client asked for it; the next record without it
   * @param past what it reads before that
   */
  start(from?: StartPoint, past?: Past): void {
    if (from !== undefined) this.replay(from, past);
    this.readOn();
  }

  get counts(): Readonly<WatcherCounts> {
    return this.account.counts;
  }

  /** Position of the next record that this client will get. */
  get cursor(): number {
    return this.account.position;
  }

  /** The same, where the next record is one that only the audit keeper has. */
  get place(): StreamPlace | undefined {
    return this.past?.at;
  }

  /** Whether the position that the client asked for is still being searched for: it has none until then. */
  get searching(): boolean {
    return this.search !== undefined;
  }

  /** Records that were produced and that this client has not been handed. */
  get lag(): number {
    return this.history.end - this.cursor;
  }

  /** Whether it has been handed all that there is. */
  get current(): boolean {
    return this.lag === 0 && !this.past && !this.search && !this.waiting;
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
    this.account.deliver(chunk);
  }

  /** Left the group: goes on at the pace of its socket. */
  fallBehind(): void {
    this.state = 'behind';
    this.waitingSince ??= performance.now();
    const wait = ++this.wait;
    this.outlet.whenWritable(() => this.whenItsTurn(wait));
  }

  /** Reads on from the position: one chunk, then waits for the socket, until the live group is reached. */
  catchUp(): void {
    if (this.state === 'stopped' || this.state === 'paused') return;
    // Pausing and asking anew must not get more out of us than waiting does.
    if (this.outlet.backlog > HIGH_WATER_MARK) return this.fallBehind();
    this.waitingSince = undefined;
    if (this.search) return this.searchOn(this.search);
    if (this.past) return this.readPast(this.past);
    if (this.cursor >= this.group.cursor) return this.goLive();
    if (this.cursor < this.history.start) {
      this.past = this.pastOf(this.replaying && this.group.sees.audit && this.pastAt(this.cursor));
      if (this.past) return this.readPast(this.past);
      // Looks at everything anew: nothing may be left of what was missed, and telling may have led to more.
      if (this.skipTo(this.history.start, this.lossReason())) this.catchUp();
      else this.stop();
      return;
    }
    const { wait } = this;
    for (let left = this.pace.next(this.group.cursor - this.cursor); left > 0 && this.canGoOn; left--) {
      this.deliver(this.group.reader.read(this.cursor, this.group.cursor));
      // Writing may log, and so lead to anything: whoever was paused, moved or stopped meanwhile is not waiting.
      if (wait !== this.wait) return;
      if (this.group.work.spent) break;
    }
    // At once: another turn of the event loop may bring another record, each time, and a burst push it out unread.
    const current = this.cursor >= this.group.cursor;
    if (current && this.outlet.backlog <= HIGH_WATER_MARK) this.goLive();
    else this.fallBehind();
  }

  /** @returns false when the client cannot go on behind the gap */
  skipTo(position: number, reason: GapReason): boolean {
    return this.account.skipTo(position, reason);
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
    this.readOn();
  }

  /** Goes on with another filter, and at another position where one is given. */
  moveTo(group: LiveGroup, from?: StartPoint, past?: Past): void {
    if (this.state === 'stopped') return;
    this.group.leave(this);
    this.wait += 1;
    this.group = group;
    if (from === undefined) this.search?.restart(group.reader.passes);
    else this.replay(from, past);
    if (this.state === 'paused') return;
    this.state = 'behind';
    this.readOn();
  }

  stop(): void {
    this.state = 'stopped';
    this.wait += 1;
    this.group.leave(this);
  }

  private replay(from: StartPoint, past: Past | undefined): void {
    this.replaying = true;
    this.past = this.pastOf(past);
    this.search = undefined;
    if (typeof from === 'number') this.account.position = from;
    else this.search = new LastMatching(this.history, this.group.reader.passes, from.last);
  }

  /** Reads when it is its turn, unless there is nothing to read: until then a burst would push out what comes. */
  private readOn(): void {
    if (this.cursor < this.group.cursor || this.past || this.search) this.whenItsTurn(this.wait);
    else this.catchUp();
  }

  /** @param wait that it must still be in */
  private whenItsTurn(wait: number): void {
    this.group.work.do(() => {
      if (wait === this.wait) this.catchUp();
    });
  }

  private searchOn(search: LastMatching): void {
    const position = search.next();
    if (position === undefined) return this.whenItsTurn(this.wait);
    const { wait } = this;
    this.search = undefined;
    this.account.position = position;
    this.outlet.begins(position);
    if (wait === this.wait) this.catchUp();
  }

  /** Reads one page of what only the keeper has, then waits for the socket, until the history goes on. */
  private readPast(past: PastReplay): void {
    const wait = ++this.wait;
    const isVoid = (): boolean => wait !== this.wait;
    past.read((page, before) => {
      // Paused, moved or stopped meanwhile: whoever comes back reads the page again.
      if (isVoid()) return;
      if (!page) return this.giveUpPast(past);
      this.outlet.begins(this.cursor);
      if (isVoid()) return;
      if (!past.write(page, before, this.group, isVoid)) return this.stop();
      if (isVoid()) return;
      if (page.done) this.past = undefined;
      this.fallBehind();
    });
  }

  private giveUpPast(past: PastReplay): void {
    this.past = undefined;
    const goesOn = past.giveUp();
    this.outlet.begins(this.cursor);
    if (goesOn) this.catchUp();
    else this.stop();
  }

  private pastOf(past: Past | false | undefined): PastReplay | undefined {
    return past ? new PastReplay(past, this.history, this.outlet, this.account) : undefined;
  }

  /** Whether the next chunk is there, and the socket takes it. */
  private get canGoOn(): boolean {
    const { cursor, history, group, outlet } = this;
    return cursor >= history.start && cursor < group.cursor && outlet.backlog <= HIGH_WATER_MARK;
  }

  private goLive(): void {
    this.state = 'live';
    this.pace.reset();
    this.group.join(this);
    if (!this.replaying) return;
    this.replaying = false;
    this.outlet.caughtUp(this.cursor);
  }

  private lossReason(): GapReason {
    return this.replaying ? 'evicted' : 'slow_consumer';
  }
}
