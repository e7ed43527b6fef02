/**
 * Why records did not reach a client: it was too slow for the history, or they were gone before it asked.
 * `rate_limit` and `broker` are reserved, for limits on the rate of one client and for streams that come through a
 * broker: no gap has them yet.
 *
 * @publicApi
 */
export type GapReason = 'slow_consumer' | 'evicted' | 'rate_limit' | 'broker';
