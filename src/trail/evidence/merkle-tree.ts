import { frontierDoesNotFit } from './evidence.messages.js';
import { HASH_BYTES, nodeHash, sha256 } from './hashes.js';

/**
 * The Merkle tree of RFC 6962 over the leaves appended so far, kept as its frontier: the roots of the perfect subtrees
 * that the leaves fill, one per bit of the size, largest (leftmost) first. That is all that the root and every later
 * root depend on, so memory is O(log n), and a tree goes on from its frontier when its leaves are long pruned.
 */
export class MerkleTree {
  private count: number;
  private readonly subtrees: Buffer[];

  /**
   * @param size leaves that the frontier stands for
   * @param frontier what {@link frontier} gave at that size
   * @throws RangeError when the two do not fit together
   */
  constructor(size = 0, frontier: readonly Uint8Array[] = []) {
    const isSize = Number.isSafeInteger(size) && size >= 0;
    const expected = isSize ? subtreesOf(size) : 0;
    if (!isSize || frontier.length !== expected || frontier.some((hash) => hash.length !== HASH_BYTES))
      throw new RangeError(frontierDoesNotFit(size, expected, frontier.length));
    this.count = size;
    this.subtrees = frontier.map((hash) => Buffer.from(hash));
  }

  /** Leaves appended. */
  get size(): number {
    return this.count;
  }

  /** @param leaf a leaf hash; is kept, so it must not change */
  append(leaf: Uint8Array): void {
    let subtree = Buffer.isBuffer(leaf) ? leaf : Buffer.from(leaf);
    // Each bit that carries closes a perfect subtree. Not by `>>`, which ends at 32 bits.
    for (let bits = this.count; bits % 2 === 1; bits = (bits - 1) / 2)
      subtree = nodeHash(this.subtrees.pop()!, subtree);
    this.subtrees.push(subtree);
    this.count += 1;
  }

  /** MTH of RFC 6962, section 2.1; of no leaves the hash of nothing. */
  root(): Buffer {
    return (
      this.subtrees.reduceRight<Buffer | undefined>(
        (right, left) => (right ? nodeHash(left, right) : left),
        undefined,
      ) ?? sha256('')
    );
  }

  /** The roots of the perfect subtrees, largest first. */
  frontier(): Buffer[] {
    return [...this.subtrees];
  }
}

function subtreesOf(size: number): number {
  let ones = 0;
  for (let bits = size; bits > 0; bits = Math.floor(bits / 2)) ones += bits % 2;
  return ones;
}
