/**
 * Why records did not reach a client: it was too slow for the history, or they were gone before it asked.
 * `rate_limit` and `broker` are reserved, for limits on the rate of one client and for streams that come through a
 * broker: no gap has them yet.
 *
 * @publicApi
 */
export type GapReason = 'slow_consumer' | 'evicted' | 'rate_limit' | 'broker';

/**
 * Records that a client is not given: the positions from `from` up to, not including, `to`, but for those that its
 * keeper still has.
 */
export interface Gap {
  readonly from: number;
  readonly to: number;
  /** Audit records of the range that the client is given next, all the same. */
  readonly kept?: number;
  readonly reason: GapReason;
  /** Whether audit records may be among them; those must never be skipped silently. */
  readonly audit: boolean;
}
