import { parseCheckpoint } from '../evidence/checkpoint-note.js';
import { type Checkpoint } from '../evidence/checkpoint.js';
import { notShaped } from '../evidence/evidence.messages.js';
import { CHAIN_START, chainHash, leafHash } from '../evidence/hashes.js';
import { MerkleTree } from '../evidence/merkle-tree.js';
import { readPayload } from '../evidence/read-payload.js';
import { isTimestamp } from '../store/draft-entry.js';
import { splitHashes } from '../store/split-hashes.js';
import { chainBroken, checkpointBroken, entriesMissing, payloadBroken } from '../store/store.messages.js';
import { TrailError } from '../store/trail-error.js';
import { type RunSql } from './pg-pool.js';

const ROWS = 1_000;

/** A checkpoint as it is stored. */
export interface CheckpointRow {
  readonly number: number;
  readonly size: number;
  readonly root: Buffer;
  readonly chain: Buffer;
  readonly frontier: Buffer;
  readonly note: string;
}

export async function lastCheckpoint(run: RunSql, schema: string): Promise<CheckpointRow | undefined> {
  const [row] = await run(`SELECT * FROM ${schema}.checkpoints ORDER BY number DESC LIMIT 1`);
  return row && ({ ...row, number: Number(row.number), size: Number(row.size) } as unknown as CheckpointRow);
}

/**
 * What was read of a trail and found to fit, from the last checkpoint of the start on: what is signed is computed from
 * payloads, here, and not taken from the server.
 */
export class VerifiedHead {
  private tree = new MerkleTree();
  private chain: Buffer = CHAIN_START;

  constructor(
    private readonly schema: string,
    private readonly name: string,
  ) {}

  get size(): number {
    return this.tree.size;
  }

  get frontier(): Buffer {
    return Buffer.concat(this.tree.frontier());
  }

  checkpoint(trail: string): Checkpoint {
    const { size, chain } = this;
    return { trail, size, root: this.tree.root(), chain, time: new Date().toISOString() };
  }

  /** @throws TrailError `broken` */
  async startAt(run: RunSql, row: CheckpointRow): Promise<void> {
    const { size, root, chain, frontier, note } = row;
    let tree: MerkleTree | undefined;
    try {
      const { checkpoint } = parseCheckpoint(note);
      tree = new MerkleTree(size, splitHashes(frontier));
      const fits = checkpoint.size === size && checkpoint.root.equals(root) && checkpoint.chain.equals(chain);
      if (!fits || !tree.root().equals(root)) tree = undefined;
    } catch {
      tree = undefined;
    }
    if (!tree) throw new TrailError('broken', checkpointBroken(this.name, size));
    const [found] = await run(
      `SELECT (SELECT chain FROM ${this.schema}.entries WHERE seq = $1) AS chain,
         (SELECT coalesce(max(seq), 0) FROM ${this.schema}.entries) AS last`,
      [size],
    );
    if (Number(found!.last) < size)
      throw new TrailError('broken', entriesMissing(this.name, size, Number(found!.last)));
    if (size > 0 && !chain.equals((found!.chain as Buffer | null) ?? CHAIN_START))
      throw new TrailError('broken', chainBroken(this.name, size));
    this.tree = tree;
    this.chain = chain;
  }

  /** Reads what came since. @throws TrailError `broken` */
  async advance(run: RunSql): Promise<void> {
    for (;;) {
      const rows = await run(
        `SELECT seq, chain, payload FROM ${this.schema}.entries WHERE seq > $1 ORDER BY seq LIMIT ${ROWS}`,
        [this.size],
      );
      for (const { seq, chain, payload } of rows) this.add(Number(seq), chain as Buffer, String(payload));
      if (rows.length < ROWS) return;
    }
  }

  private add(seq: number, stored: Buffer, payload: string): void {
    requireShape(this.name, seq, payload);
    const leaf = leafHash(payload);
    const chain = chainHash(this.chain, leaf);
    if (seq !== this.size + 1 || !chain.equals(stored))
      throw new TrailError('broken', chainBroken(this.name, seq));
    this.tree.append(leaf);
    this.chain = chain;
  }
}

/** No signature covers these yet: whoever can write to the table can have written them. */
function requireShape(name: string, seq: number, payload: string): void {
  const read = readPayload(payload);
  if ('problem' in read) throw new TrailError('broken', payloadBroken(name, seq, read.problem));
  const { id, timestamp } = read.entry.data;
  const missing = typeof id !== 'string' ? '$.data.id' : !isTimestamp(timestamp) && '$.data.timestamp';
  if (missing) throw new TrailError('broken', payloadBroken(name, seq, notShaped(missing)));
}
