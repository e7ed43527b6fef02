/** Parts of the time that looking callers up may take. */
const SHARE = { unwatched: 0.02, watched: 0.05, important: 0.05 } as const;

/** What was not spent is kept for so long, in milliseconds: a burst after a silence has all its callers. */
const SAVED_MS = 1_000;

/**
 * What a look-up is taken to cost, in milliseconds. A look-up is measured by the clock on the wall, which goes on while
 * others have the processor: on a busy machine most measurements are too long, so that a low quantile of them is taken,
 * and no look-up counts for more than lets a thousand of them be made in a second.
 */
const COST = { first: 0.01, most: SHARE.unwatched, least: 0.001 } as const;

/** One in so many look-ups is measured: reading the clock costs as well. */
const MEASURED = 8;

/** The quantile of the measurements that the estimate settles at, and how far one of them moves it. */
const QUANTILE = { share: 0.25, step: 0.1 } as const;

/**
 * Decides whose caller is looked up, so that all look-ups together take no more than a part of the time: in ordinary
 * traffic every line has its caller, and under a storm the application keeps its speed.
 *
 * Two token buckets, both full at first, which are filled by the time that passes between lines: one for every line,
 * one for the important ones for which the first has nothing left.
 */
export class CallerBudget {
  private general: number = SHARE.unwatched * SAVED_MS;
  private important: number = SHARE.important * SAVED_MS;
  private cost: number = COST.first;
  private filledAt = Number.POSITIVE_INFINITY;
  private spent = 0;

  /** What a look-up is taken to cost at the moment, in milliseconds. */
  get estimate(): number {
    return this.cost;
  }

  /** Whether the next look-up is to be {@link measured}. */
  get isMeasured(): boolean {
    return this.spent % MEASURED === 1;
  }

  /**
   * Takes the cost of one look-up, where there is enough.
   *
   * @param time of the line, in milliseconds since the epoch: the clock is not read again for this
   * @param watched whether somebody watches
   * @param important of level WARNING or above
   */
  take(time: number, watched: boolean, important: boolean): boolean {
    this.fill(time, watched ? SHARE.watched : SHARE.unwatched);
    const { cost } = this;
    if (this.general >= cost) this.general -= cost;
    else if (important && this.important >= cost) this.important -= cost;
    else return false;
    this.spent += 1;
    return true;
  }

  /** @param ms that a look-up took, by the clock */
  measured(ms: number): void {
    const { share, step } = QUANTILE;
    const moved = this.cost * (1 + step * (ms < this.cost ? share - 1 : share));
    this.cost = Math.min(Math.max(moved, COST.least), COST.most);
  }

  private fill(time: number, share: number): void {
    // A clock that was set back has not gone on.
    const passed = Math.min(Math.max(time - this.filledAt, 0), SAVED_MS);
    this.filledAt = time;
    if (passed === 0) return;
    this.general = Math.min(this.general + share * passed, share * SAVED_MS);
    this.important = Math.min(this.important + SHARE.important * passed, SHARE.important * SAVED_MS);
  }
}
