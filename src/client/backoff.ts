/**
 * How a client comes back.
 *
 * @publicApi
 */
export interface ReconnectOptions {
  /**
   * Longest wait after the first failure, in milliseconds; it doubles with every further one.
   * @default 1_000
   */
  readonly minMs?: number;
  /**
   * Longest wait at all, in milliseconds.
   * @default 30_000
   */
  readonly maxMs?: number;
  /**
   * Failures in a row after which the client gives up.
   * @default Infinity
   */
  readonly attempts?: number;
}

/**
 * How long to wait, in milliseconds: anything up to a bound that doubles with every failure ("full jitter"), so that
 * clients which were cut off together do not come back together.
 *
 * @param failures in a row, from 1
 */
export function backoff(
  failures: number,
  { minMs = 1_000, maxMs = 30_000 }: ReconnectOptions,
  random: () => number = Math.random,
): number {
  return random() * Math.min(maxMs, minMs * 2 ** (failures - 1));
}
