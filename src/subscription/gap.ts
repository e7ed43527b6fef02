/**
 * Why records did not reach a client: it was too slow for the history, they were gone before it asked, it is
 * limited in rate, or a broker lost them.
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
