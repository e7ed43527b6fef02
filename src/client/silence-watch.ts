/** The server sends `stats` every 5 s. */
const INTERVAL_MS = 5_000;

/** Intervals of silence after which the server is asked for a sign of life. */
const ASK_AFTER = 2;

/** Intervals of silence after which the connection is dead: 15 to 20 s. */
const DEAD_AFTER = 3;

/**
 * Finds half-open connections: nothing is said of a peer that vanished without closing.
 *
 * Counts intervals instead of reading a clock: a page that was frozen, or a blocked event loop, runs its timers
 * before it reads what has come meanwhile, and one late timer is but one interval.
 */
export class SilenceWatch {
  private silent = 0;
  private readonly timer: ReturnType<typeof setInterval>;

  constructor(
    private readonly ask: () => void,
    private readonly dead: () => void,
  ) {
    this.timer = setInterval(() => this.tick(), INTERVAL_MS);
  }

  /** Something has come. */
  heard(): void {
    this.silent = 0;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private tick(): void {
    this.silent += 1;
    if (this.silent > DEAD_AFTER) this.dead();
    else if (this.silent > ASK_AFTER) this.ask();
  }
}
