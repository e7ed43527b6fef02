import { type RecordHistory } from '../stream/record-source.js';
import { type Chunk, type ChunkReader } from './chunk-reader.js';
import { type FanOutTotals } from './fan-out-totals.js';
import { EVERYTHING, type SeenCategories } from './filter/seen-categories.js';
import { HIGH_WATER_MARK } from './outlet.js';
import { type WorkQueue } from './work-queue.js';
import { type GapReason } from '../wire/gap-reason.js';

/** One watcher as its group knows it. */
export interface Member {
  /** Position of the next record that it will get. */
  readonly cursor: number;
  /** Bytes that were written to it and not taken yet. */
  readonly backlog: number;
  deliver(chunk: Chunk): void;
  /** Its socket takes no more for now: it goes on by itself, at its own pace. */
  fallBehind(): void;
  /** Comes back to the group, which has reached its position. */
  catchUp(): void;
  /** @returns false when it must not miss what lies before the position, and so cannot go on */
  skipTo(position: number, reason: GapReason): boolean;
  stop(): void;
}

/**
 * The watchers that get the same bytes at the same time: per flush the records are filtered, encoded and joined
 * once, and the one buffer is written to every member. Sharing the write, not only the frame, is what makes a
 * delivery 12 to 30 times cheaper (docs/architecture.md).
 */
export class LiveGroup {
  private readonly members = new Set<Member>();
  /** Watchers that are at a position which the group has not reached. */
  private readonly ahead = new Set<Member>();
  private position: number;
  private target = 0;
  /** The chunk that is being written, and who is still to get it. */
  private delivery: { readonly chunk: Chunk; readonly remaining: Iterator<Member> } | undefined;
  private writing = false;
  private readonly slice = (): void => {
    if (!this.deliver(() => this.work.spent)) this.work.do(this.slice);
  };

  constructor(
    private readonly history: RecordHistory,
    readonly reader: ChunkReader,
    private readonly totals: FanOutTotals,
    /** Shared with all other groups. */
    readonly work: WorkQueue,
    /** The categories that its filters may let pass. */
    readonly sees: SeenCategories = EVERYTHING,
  ) {
    this.position = history.end;
  }

  /** Position of the next record that the members will get. */
  get cursor(): number {
    return this.position;
  }

  /**
   * Takes in a watcher that has got everything before {@link cursor}, or that is ahead of it. One that joins
   * while a chunk is being written still gets it: a Set yields what is added while it is walked.
   */
  join(watcher: Member): void {
    if (watcher.cursor === this.position) this.members.add(watcher);
    else this.ahead.add(watcher);
  }

  leave(watcher: Member): void {
    this.members.delete(watcher);
    this.ahead.delete(watcher);
  }

  /** Starts writing everything that is in the history now to every member. */
  flush(): void {
    this.target = this.history.end;
    this.work.do(this.slice);
  }

  /**
   * The same without yielding to the event loop, for when there is no later.
   *
   * @param isOver whether there is no time left for it
   * @returns whether it is done
   */
  flushNow(isOver: () => boolean = () => false): boolean {
    this.target = this.history.end;
    this.stop();
    return this.deliver(isOver);
  }

  stop(): void {
    this.work.drop(this.slice);
  }

  private deliver(isOver: () => boolean): boolean {
    // Writing may log, and so ask for another flush before all members have got this one; it is in the target.
    if (this.writing) return true;
    this.writing = true;
    const started = performance.now();
    try {
      return this.write(isOver);
    } finally {
      this.writing = false;
      this.totals.flushMs += performance.now() - started;
    }
  }

  private write(isOver: () => boolean): boolean {
    while (this.delivery || this.begin()) {
      const { chunk, remaining } = this.delivery!;
      for (let next = remaining.next(); !next.done; next = remaining.next()) {
        this.deliverTo(next.value, chunk);
        if (chunk.delivered > 0 && isOver()) return false;
      }
      this.delivery = undefined;
      this.reach(chunk.next);
      if (chunk.delivered === 0 && isOver()) return this.position >= this.target;
    }
    return true;
  }

  /** Reads the next chunk. */
  private begin(): boolean {
    if (this.members.size === 0 && this.position < this.target) this.reach(this.target);
    if (this.position >= this.target) return false;
    while (this.position < this.history.start) this.overtaken();
    const chunk = this.reader.read(this.position, this.target);
    this.totals.flushes += 1;
    this.delivery = { chunk, remaining: this.members.values() };
    return true;
  }

  private deliverTo(member: Member, chunk: Chunk): void {
    member.deliver(chunk);
    // Writing may log, and so lead to anything: a member that has left meanwhile is not this group's to move.
    if (member.backlog > HIGH_WATER_MARK && this.members.delete(member)) member.fallBehind();
  }

  /** The history has passed the whole group, as after a burst in one turn of the event loop. */
  private overtaken(): void {
    // Telling a member may log, and so move the history on before the others are told.
    const { start } = this.history;
    for (const member of this.members) if (!member.skipTo(start, 'slow_consumer')) member.stop();
    this.reach(start);
  }

  private reach(position: number): void {
    this.position = position;
    const arrived = [...this.ahead].filter((watcher) => watcher.cursor <= position);
    for (const watcher of arrived) {
      this.ahead.delete(watcher);
      watcher.catchUp();
    }
  }
}
