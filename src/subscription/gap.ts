import { type GapReason } from '../wire/gap-reason.js';

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
