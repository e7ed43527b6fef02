import { type TrailErrorCode } from './trail-error.js';

/**
 * What the writer answers to a batch that it committed, entry by entry. A batch that it did not commit is an error
 * of the whole.
 */
export interface AppendedBatch {
  /** 0 for an entry that was refused. */
  readonly seqs: readonly number[];
  /** 32 bytes for each entry, one behind the other. */
  readonly chains: Uint8Array;
  readonly refused: readonly RefusedEntry[];
}

/** An entry that cannot be stored, now or later; the others of its batch were. */
export interface RefusedEntry {
  /** Its place in the batch. */
  readonly index: number;
  readonly code: TrailErrorCode;
  readonly message: string;
}
