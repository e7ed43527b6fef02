import { CHAIN_START, HASH_BYTES } from './hashes.js';
import { MerkleTree } from './merkle-tree.js';

/**
 * Where the entries that are kept begin: the state after those that a retention pruned. Nothing of it is believed: the
 * roots and chains that are signed later follow from it, and a `pruned` entry under a signature must say the same.
 */
export interface StartState {
  /** The last `seq` that was pruned; 0 when nothing was. */
  readonly through: number;
  /** The hash chain there. */
  readonly chain: Buffer;
  /** The frontier of the Merkle tree there. */
  readonly frontier: readonly Buffer[];
  /** Notes of the `key` entries among what was pruned, oldest first: how one key followed the other until there. */
  readonly handovers: readonly string[];
}

/** A {@link StartState} as JSON: in the `data` of a `pruned` entry (with what else it says), and in an export. */
export interface StartStateJson {
  readonly through: number;
  /** 64 hexadecimal digits. */
  readonly chain: string;
  readonly frontier: readonly string[];
  readonly handovers: readonly string[];
}

/** Nothing was pruned. */
export const FIRST_START: StartState = { through: 0, chain: CHAIN_START, frontier: [], handovers: [] };

export function formatStart({ through, chain, frontier, handovers }: StartState): StartStateJson {
  return {
    through,
    chain: chain.toString('hex'),
    frontier: frontier.map((hash) => hash.toString('hex')),
    handovers: [...handovers],
  };
}

/** @returns `undefined` when it is none: of another shape, or a frontier that does not fit */
export function parseStart(json: unknown): StartState | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const { through, chain, frontier, handovers = [] } = json as { [key in keyof StartStateJson]?: unknown };
  if (typeof through !== 'number' || !Array.isArray(frontier) || !Array.isArray(handovers)) return undefined;
  const [last, ...hashes] = [chain, ...(frontier as unknown[])].map(exactHash);
  if (!last || !hashes.every((hash) => hash !== undefined)) return undefined;
  if (!handovers.every((note) => typeof note === 'string')) return undefined;
  try {
    return { through, chain: last, frontier: new MerkleTree(through, hashes).frontier(), handovers };
  } catch {
    return undefined;
  }
}

/** A hash as 64 hexadecimal digits, lower case, as they are written. */
export function exactHash(text: unknown): Buffer | undefined {
  if (typeof text !== 'string' || text.length !== HASH_BYTES * 2 || !/^[0-9a-f]+$/.test(text))
    return undefined;
  return Buffer.from(text, 'hex');
}
