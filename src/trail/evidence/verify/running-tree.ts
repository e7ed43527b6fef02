import { type Checkpoint } from '../checkpoint.js';
import { MerkleTree } from '../merkle-tree.js';
import { type StartState } from '../start-state.js';
import { ChainLinks, type Link } from './chain-links.js';

/** What a signed checkpoint says of the entries. */
export type Comparison =
  | 'agrees'
  | 'differs'
  /** Behind damage no root comes out any more, but the chain still does: who only damaged an entry left it alone. */
  | 'same_chain'
  /** The damage is right before it. */
  | 'unknown';

/** What the entries so far add up to: how many, the end of their chain, and the root of their tree. */
export class RunningTree {
  readonly links: ChainLinks;
  /** Entries are missing somewhere. */
  hasGap = false;
  private count: number;
  /** Ends at the first gap: nothing can stand for a leaf that is missing. */
  private tree: MerkleTree | undefined;
  private damaged = false;

  constructor({ through, chain, frontier }: StartState) {
    this.count = through;
    this.links = new ChainLinks(chain);
    this.tree = new MerkleTree(through, frontier);
  }

  /** The last entry's `seq`. */
  get position(): number {
    return this.count;
  }

  /** Adds the next entry. */
  append(leaf: Buffer, chain: Uint8Array): Link {
    this.count += 1;
    this.tree?.append(leaf);
    const link = this.links.follow(leaf, chain);
    if (link === 'broken') this.damaged = true;
    return link;
  }

  /** Adds an entry that belongs elsewhere: what is stored beside it says nothing of the next. */
  appendMisplaced(leaf: Buffer): void {
    this.count += 1;
    this.tree?.append(leaf);
    this.damaged = true;
    this.links.lose();
  }

  /** Goes on behind entries that are not there. */
  skipTo(position: number): void {
    this.count = position;
    this.tree = undefined;
    this.damaged = true;
    this.links.lose();
  }

  /** @param checkpoint of as many entries as there are */
  compare({ root, chain }: Checkpoint): Comparison {
    const sameChain = this.links.isAt(chain);
    // Where the hashes beside the entries are damaged, the root shows that what was recorded is not.
    if (this.tree?.root().equals(root) && (sameChain !== false || this.damaged)) return 'agrees';
    if (!this.damaged || sameChain === false) return 'differs';
    return sameChain ? 'same_chain' : 'unknown';
  }
}
