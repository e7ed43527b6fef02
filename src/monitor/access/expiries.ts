/**
 * Longest wait, in milliseconds. The end of a permission is a time of the wall clock, which may be set while we
 * wait; a timer does not notice, so it looks again. Timers of more than 24 days would also go off at once.
 */
const LONGEST_WAIT_MS = 30_000;

/** Calls back when the time of a member is up. One timer for all, and only while somebody's time can be up. */
export class Expiries<T> {
  private readonly ends = new Map<T, number>();
  private timer: NodeJS.Timeout | undefined;
  private wakesAt = Number.POSITIVE_INFINITY;

  constructor(private readonly expired: (member: T) => void) {}

  /** @param end in milliseconds since the epoch; never without it */
  add(member: T, end: number | undefined): void {
    if (end === undefined) return;
    this.ends.set(member, end);
    if (end < this.wakesAt) this.wait();
  }

  remove(member: T): void {
    if (this.ends.delete(member) && this.ends.size === 0) this.wait();
  }

  private wait(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.wakesAt = Number.POSITIVE_INFINITY;
    if (this.ends.size === 0) return;
    const now = Date.now();
    const first = [...this.ends.values()].reduce((earliest, end) => Math.min(earliest, end));
    this.wakesAt = Math.min(Math.max(first, now), now + LONGEST_WAIT_MS);
    this.timer = setTimeout(() => this.wake(), this.wakesAt - now).unref();
  }

  private wake(): void {
    const now = Date.now();
    for (const [member, end] of this.ends) {
      if (end > now) continue;
      this.ends.delete(member);
      this.expired(member);
    }
    this.wait();
  }
}
