import { chainHash } from '../hashes.js';

/** How an entry follows the one before. */
export type Link =
  | 'linked'
  /** What comes before is missing or not in its place. */
  | 'unchecked'
  /** Payload or hash is not what was stored. The next entry shows which: see {@link ChainLinks.brokenPart}. */
  | 'broken';

/** What was altered: `either` where it cannot be told, or both. */
export type BrokenPart = 'payload' | 'chain' | 'either';

/** How many ends are followed where a chain is broken at entry after entry. */
const MOST_ENDS = 4;

/**
 * Follows the hash chain through a trail and, where it breaks, finds where it goes on. An entry whose hash does not come
 * out has either another payload (then the next entry follows from the hash that is stored) or another hash (then the
 * next one follows from the hash that comes out): both are kept until the next entry tells.
 */
export class ChainLinks {
  /** What the next entry can follow from, the likelier first. None: it cannot be told. */
  private ends: readonly Uint8Array[];
  private part: BrokenPart = 'either';
  /** What the last entry followed from. */
  private before: Uint8Array | undefined;

  constructor(start: Uint8Array) {
    this.ends = [start];
  }

  /** @param stored the chain hash that stands beside the entry */
  follow(leaf: Buffer, stored: Uint8Array): Link {
    const { ends } = this;
    const [end] = ends;
    this.before = end;
    const expected = end && chainHash(end, leaf);
    if (!expected || expected.equals(stored)) {
      if (ends.length > 1) this.part = 'payload';
      this.ends = [stored];
      return expected ? 'linked' : 'unchecked';
    }
    const others = ends.slice(1).map((other) => chainHash(other, leaf));
    if (others.some((other) => other.equals(stored))) {
      this.part = 'chain';
      this.ends = [stored];
      return 'linked';
    }
    this.part = 'either';
    this.ends = [stored, expected, ...others].slice(0, MOST_ENDS);
    return 'broken';
  }

  /** Of a broken entry, when the one after it was followed. */
  get brokenPart(): BrokenPart {
    return this.part;
  }

  /** Whether this is another entry in the place of the last one: its hash comes out as well. */
  forks(leaf: Buffer, stored: Uint8Array): boolean {
    if (!this.before || Buffer.compare(stored, this.ends[0]!) === 0) return false;
    return chainHash(this.before, leaf).equals(stored);
  }

  /** The next entry cannot be checked: the one before it is missing, or another. */
  lose(): void {
    this.ends = [];
    this.before = undefined;
    this.part = 'either';
  }

  /** Whether the chain is at this hash; `undefined` when it cannot be told where it is. */
  isAt(chain: Buffer): boolean | undefined {
    return this.ends.some((end) => chain.equals(end)) || (this.ends.length === 1 ? false : undefined);
  }
}
