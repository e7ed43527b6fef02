import { CHAIN_START, chainHash, leafHash } from '../../evidence/hashes.js';
import { MerkleTree } from '../../evidence/merkle-tree.js';

/** A state that {@link TrailHead.restore} goes back to. */
export interface SavedHead {
  readonly seq: number;
  readonly chain: Uint8Array;
  readonly frontier: readonly Uint8Array[];
  readonly times: TimeSpan | undefined;
}

/** First and last timestamp of some entries, whatever their order. */
export interface TimeSpan {
  readonly from: string;
  readonly to: string;
}

/** Of no entries: no time is in it. */
const NO_TIME: TimeSpan = { from: '~', to: '' };

/** The end of the trail: what the next entry and the next checkpoint are computed from. */
export class TrailHead {
  private tree: MerkleTree;
  private last: Uint8Array;
  private times: TimeSpan | undefined;

  constructor(saved: SavedHead = { seq: 0, chain: CHAIN_START, frontier: [], times: undefined }) {
    this.tree = new MerkleTree(saved.seq, saved.frontier);
    this.last = saved.chain;
    this.times = saved.times;
  }

  /** Entries so far; the last one's `seq`. */
  get seq(): number {
    return this.tree.size;
  }

  get chain(): Uint8Array {
    return this.last;
  }

  /** Times of the entries since the last {@link beginBlock}. */
  get span(): TimeSpan {
    return this.times ?? NO_TIME;
  }

  get root(): Buffer {
    return this.tree.root();
  }

  get frontier(): Buffer[] {
    return this.tree.frontier();
  }

  /** The chain with one more entry, which is not yet part of this head. */
  chainWith(payload: string): { leaf: Buffer; chain: Buffer } {
    const leaf = leafHash(payload);
    return { leaf, chain: chainHash(this.last, leaf) };
  }

  /** @param timestamp ISO 8601 in the one form that sorts as text */
  append({ leaf, chain }: { leaf: Buffer; chain: Buffer }, timestamp: string): void {
    this.tree.append(leaf);
    this.last = chain;
    const { from, to } = this.times ?? { from: timestamp, to: timestamp };
    this.times = { from: timestamp < from ? timestamp : from, to: timestamp > to ? timestamp : to };
  }

  /** Starts a new {@link span}. */
  beginBlock(): void {
    this.times = undefined;
  }

  save(): SavedHead {
    return { seq: this.seq, chain: this.last, frontier: this.tree.frontier(), times: this.times };
  }

  restore(saved: SavedHead): void {
    this.tree = new MerkleTree(saved.seq, saved.frontier);
    this.last = saved.chain;
    this.times = saved.times;
  }
}
