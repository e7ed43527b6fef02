/** What may be done for all watchers together between two looks at the event loop. */
interface Budget {
  readonly writes: number;
  readonly bytes: number;
  readonly ms: number;
}

/**
 * Writes take some 0.3 to 0.7 ms. Bytes count as well: 100 writes of 23 KiB, what a busy app logs in a window, were
 * seen to take 1.7 ms. The time is for filters that search much and let little pass.
 */
const TURN: Budget = { writes: 200, bytes: 512 * 1024, ms: 4 };

/** A slice of something to do for watchers. It asks for its next slice by itself. */
export type Work = () => void;

/**
 * Does what watchers need, slice by slice, in the order in which it was asked for, and no more in a turn of the event
 * loop than the budget of all allows: however many they are and whatever they search for, the application's requests
 * come in between.
 *
 * What is asked for while there is budget left is done at once. The immediate is referenced: an idle event loop does
 * not run another one before it is woken up.
 */
export class WorkQueue {
  private readonly waiting = new Set<Work>();
  private turn: NodeJS.Immediate | undefined;
  private left = { ...TURN };
  private running = false;
  private since = 0;

  /** @param now a clock in milliseconds */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Does a slice of work, now or when its turn comes. */
  do(work: Work): void {
    this.waiting.add(work);
    if (this.running) return;
    if (this.spent) this.turn ??= setImmediate(() => this.nextTurn());
    else this.run();
  }

  /** A turn of the event loop has begun, as for a flush that it was waited for: it has a budget of its own. */
  beginTurn(): void {
    if (!this.turn) this.refill();
  }

  /** Forgets work that waits. */
  drop(work: Work): void {
    this.waiting.delete(work);
  }

  /** Counts a write. */
  wrote(bytes: number): void {
    this.left.writes -= 1;
    this.left.bytes -= bytes;
  }

  /** Whether the rest is for another turn of the event loop. */
  get spent(): boolean {
    const { writes, bytes, ms } = this.left;
    return writes <= 0 || bytes <= 0 || ms <= (this.running ? this.now() - this.since : 0);
  }

  private run(): void {
    this.running = true;
    this.since = this.now();
    try {
      for (const work of this.waiting) {
        this.waiting.delete(work);
        work();
        if (this.spent) break;
      }
    } finally {
      this.running = false;
      this.left.ms -= this.now() - this.since;
      // Only for what is left: an immediate for each flush would be a good part of its cost to a single watcher.
      if (this.waiting.size > 0) this.turn ??= setImmediate(() => this.nextTurn());
    }
  }

  private refill(): void {
    const { left } = this;
    left.writes = TURN.writes;
    left.bytes = TURN.bytes;
    left.ms = TURN.ms;
  }

  private nextTurn(): void {
    this.turn = undefined;
    this.refill();
    if (this.waiting.size > 0) this.run();
  }
}
