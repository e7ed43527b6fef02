/** What a prune deletes: what either bound names. */
export interface PruneBounds {
  /** ISO 8601; entries of before. */
  readonly olderThan?: string;
  /** Bytes of the file that may stay. */
  readonly keepBytes?: number;
}

/**
 * What a prune did.
 *
 * @publicApi
 */
export interface PruneResult {
  /** Entries deleted, from the beginning of the trail. */
  readonly count: number;
  /** The first and the last of them; absent when there were none. */
  readonly from?: number;
  readonly through?: number;
  /** Ids of the holds without which more would have been deleted. */
  readonly heldBy: readonly string[];
}

/** A stretch from the beginning of the trail to a signed checkpoint. */
export interface PrunableStretch {
  readonly from: number;
  readonly through: number;
  readonly heldBy: readonly string[];
}
