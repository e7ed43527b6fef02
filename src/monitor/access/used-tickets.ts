/**
 * Notes that a ticket is used, and answers whether it was not before. It has to do both in one step, as Redis' `SET
 * <id> 1 NX PXAT <expiresAt>` does: of two that come at the same time one may win. What it throws refuses the client.
 *
 * @param id of the ticket: letters, digits, `-` and `_`
 * @param expiresAt milliseconds since the epoch, from when on the id need not be remembered
 * @publicApi
 */
export type RedeemTicket = (id: string, expiresAt: number) => boolean | Promise<boolean>;

/** Tickets remembered at most: some megabytes. */
const MOST = 50_000;

/** Looking for those that need no remembering goes over all of them, so it is done at most this often. */
const SWEEP_MS = 1_000;

/** Remembers in this process which tickets were used, no longer than they live. */
export class UsedTickets {
  private readonly ends = new Map<string, number>();
  private sweepAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly most = MOST) {}

  /** @returns false when the ticket was used before, or when too many are remembered to note one more */
  readonly redeem: RedeemTicket = (id, expiresAt) => {
    this.sweep(Date.now());
    // Forgetting one that still lives would let it in again: better nobody for some seconds.
    if (this.ends.has(id) || this.ends.size >= this.most) return false;
    this.ends.set(id, expiresAt);
    return true;
  };

  get size(): number {
    return this.ends.size;
  }

  private sweep(now: number): void {
    // Also when the clock was set back.
    if (now < this.sweepAt && now > this.sweepAt - SWEEP_MS) return;
    this.sweepAt = now + SWEEP_MS;
    for (const [id, end] of this.ends) if (end <= now) this.ends.delete(id);
  }
}
