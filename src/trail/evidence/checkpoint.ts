/** What a trail was at one moment. Signed (see `checkpoint-note.ts`), it fixes every entry up to its size. */
export interface Checkpoint {
  /** Id of the trail: a checkpoint of one trail proves nothing of another. */
  readonly trail: string;
  /** Entries from the very first, also those that were pruned since: the `seq` of the last one. */
  readonly size: number;
  /** Root of the Merkle tree (RFC 6962) over all of them: 32 bytes. */
  readonly root: Buffer;
  /** The hash chain at the last of them: 32 bytes. It still tells when the tree was damaged further ahead. */
  readonly chain: Buffer;
  /** ISO 8601, UTC, milliseconds: the signer's clock. */
  readonly time: string;
  /**
   * Verifier key that signs from here on, in the checkpoint by which the old key hands over: it is signed by both,
   * and stands in the `key` entry that follows.
   */
  readonly nextKey?: string;
}
