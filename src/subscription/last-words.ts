/** Time that flushes may take which cannot wait for the event loop, in milliseconds of each second. */
const SHARE_MS = 100;
const SECOND_MS = 1_000;

/**
 * Lets what may be the last words of a process out in the turn in which they are said: `process.exit()` may be next. Not
 * for ever, as in an app that does nothing but say them: then they go as all other records do.
 */
export class LastWords {
  private since = Number.NEGATIVE_INFINITY;
  private spentBefore = 0;

  /**
   * @param spent on flushes up to now, in milliseconds
   * @param now in milliseconds
   */
  mayGoNow(spent: number, now = performance.now()): boolean {
    if (now - this.since >= SECOND_MS) {
      this.since = now;
      this.spentBefore = spent;
    }
    return spent - this.spentBefore < SHARE_MS;
  }
}
