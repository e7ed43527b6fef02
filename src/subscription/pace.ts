/** Chunks that a client may get in one go. */
const MOST_CHUNKS = 16;

/**
 * How many chunks a client that is behind reads in one go: one, so that all have their turn, and more while its group
 * gets away from it, which writes several in a turn under load.
 */
export class Pace {
  private chunks = 1;
  private before = Number.POSITIVE_INFINITY;

  /** @param distance to the group, in records */
  next(distance: number): number {
    if (distance >= this.before) this.chunks = Math.min(2 * this.chunks, MOST_CHUNKS);
    this.before = distance;
    return this.chunks;
  }

  /** The group is reached. */
  reset(): void {
    this.chunks = 1;
    this.before = Number.POSITIVE_INFINITY;
  }
}
