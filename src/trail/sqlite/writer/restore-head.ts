import { type DatabaseSync } from 'node:sqlite';
import { parseCheckpoint } from '../../evidence/checkpoint-note.js';
import { CHAIN_START } from '../../evidence/hashes.js';
import { notShaped } from '../../evidence/evidence.messages.js';
import { readPayload } from '../../evidence/read-payload.js';
import { MerkleTree } from '../../evidence/merkle-tree.js';
import { type WrittenCheckpoint } from '../../store/written-checkpoint.js';
import { chainBroken, checkpointBroken, entriesMissing, payloadBroken } from '../../store/store.messages.js';
import { isTimestamp } from '../../store/draft-entry.js';
import { type StoredEntry } from '../../store/trail-entry.js';
import { TrailError } from '../../store/trail-error.js';
import { splitHashes } from '../../store/split-hashes.js';
import { TrailHead } from './trail-head.js';

/** What a trail goes on from. */
export interface RestoredHead {
  readonly head: TrailHead;
  readonly last: WrittenCheckpoint | undefined;
  /** Number of the last checkpoint, 0 without one. */
  readonly number: number;
  /** No intent before this entry is without an outcome. */
  readonly openFrom: number;
}

interface CheckpointRow {
  readonly number: number;
  readonly size: number;
  readonly root: Uint8Array;
  readonly chain: Uint8Array;
  readonly frontier: Uint8Array;
  readonly open_from: number;
  readonly note: string;
}

/**
 * Computes the head again from the last checkpoint and the entries behind it. Nothing may be appended to what does not
 * fit together: it would be covered by the next signature, and look as if it had been so from the beginning.
 *
 * @throws TrailError `broken`
 */
export function restoreHead(db: DatabaseSync, file: string): RestoredHead {
  const checkpoint = db.prepare('SELECT * FROM checkpoints ORDER BY number DESC LIMIT 1').get() as unknown as
    CheckpointRow | undefined;
  const head = checkpoint ? headAt(db, checkpoint, file) : new TrailHead();
  const tail = db
    .prepare('SELECT seq, chain, payload FROM entries WHERE seq > ? ORDER BY seq')
    .iterate(head.seq);
  for (const row of tail as Iterable<unknown>) {
    const { seq, chain, payload } = row as StoredEntry;
    const timestamp = timestampOf(seq, payload, file);
    const link = head.chainWith(payload);
    if (seq !== head.seq + 1 || !link.chain.equals(chain))
      throw new TrailError('broken', chainBroken(file, seq));
    head.append(link, timestamp);
  }
  return {
    head,
    last: checkpoint && writtenOf(checkpoint.note),
    number: checkpoint?.number ?? 0,
    openFrom: checkpoint?.open_from ?? 1,
  };
}

function writtenOf(note: string): WrittenCheckpoint {
  const { size, time } = parseCheckpoint(note).checkpoint;
  return { size, time, note };
}

function headAt(db: DatabaseSync, row: CheckpointRow, file: string): TrailHead {
  const { size, chain } = row;
  const last = Number(db.prepare('SELECT max(seq) AS last FROM entries').get()?.last ?? 0);
  if (last < size) throw new TrailError('broken', entriesMissing(file, size, last));
  const frontier = requireSigned(row, file);
  const stored = db.prepare('SELECT chain FROM entries WHERE seq = ?').get(size)?.chain ?? CHAIN_START;
  // The last entry under a checkpoint goes only when a later checkpoint covers the entry about that.
  if (!Buffer.from(chain).equals(stored as Uint8Array))
    throw new TrailError('broken', chainBroken(file, size));
  return new TrailHead({ seq: size, chain, frontier, times: undefined });
}

/** The columns are what the note says; whether its signature holds is the keys' business. */
function requireSigned({ size, root, chain, frontier, note }: CheckpointRow, file: string): Buffer[] {
  try {
    const { checkpoint } = parseCheckpoint(note);
    const hashes = splitHashes(frontier);
    const fits =
      checkpoint.size === size &&
      checkpoint.root.equals(root) &&
      checkpoint.chain.equals(chain) &&
      new MerkleTree(size, hashes).root().equals(root);
    if (fits) return hashes;
  } catch {
    // No note, or no frontier: said below.
  }
  throw new TrailError('broken', checkpointBroken(file, size));
}

/** No signature covers these yet: whoever can write the file can have written them. */
function timestampOf(seq: number, payload: string, file: string): string {
  const read = readPayload(payload);
  if ('problem' in read) throw new TrailError('broken', payloadBroken(file, seq, read.problem));
  const { id, timestamp } = read.entry.data;
  const missing = typeof id !== 'string' ? '$.data.id' : !isTimestamp(timestamp) && '$.data.timestamp';
  if (missing) throw new TrailError('broken', payloadBroken(file, seq, notShaped(missing)));
  return timestamp as string;
}
