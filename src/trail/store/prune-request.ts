import { type PruneBounds } from './pruned.js';
import { nothingCovered, pruneBoundWrong } from './store.messages.js';
import { TrailError } from './trail-error.js';
import { time } from './trail-query.js';

/**
 * What may be deleted: what either bound names, from the beginning of the trail to a signed checkpoint, and nothing
 * that a hold keeps.
 *
 * @publicApi
 */
export interface PruneRequest {
  /** ISO 8601, or milliseconds since the epoch: entries of before this time. */
  readonly olderThan?: string | number | Date;
  /** About as many bytes of the file as may stay. */
  readonly keepBytes?: number;
}

/** @throws TrailError `invalid_query` that names the field */
export function pruneBounds({ olderThan, keepBytes }: PruneRequest): PruneBounds {
  if (olderThan === undefined && keepBytes === undefined) {
    throw new TrailError('invalid_query', nothingCovered());
  }
  if (keepBytes !== undefined && !(Number.isSafeInteger(keepBytes) && keepBytes >= 0)) {
    throw new TrailError('invalid_query', pruneBoundWrong('keepBytes', 'a whole number from 0'));
  }
  return {
    ...(olderThan !== undefined && { olderThan: time('olderThan', olderThan) }),
    ...(keepBytes !== undefined && { keepBytes }),
  };
}
