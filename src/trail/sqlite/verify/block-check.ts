import { type DatabaseSync } from 'node:sqlite';
import { parseCheckpoint } from '../../evidence/checkpoint-note.js';
import { MerkleTree } from '../../evidence/merkle-tree.js';
import { type EntryPayload } from '../../evidence/read-payload.js';
import { type Finding } from '../../evidence/verify/finding.js';
import { splitHashes } from '../../store/split-hashes.js';
import { blockAltered } from './lookup.messages.js';

interface CheckpointRow {
  readonly number: number;
  readonly size: number;
  readonly root: Uint8Array;
  readonly chain: Uint8Array;
  readonly frontier: Uint8Array;
  readonly from_time: string;
  readonly to_time: string;
  readonly open_from: number;
  readonly note: string;
}

/** More are counted among those that they follow from. */
const MOST = 20;

/**
 * What stands beside the note of a checkpoint: the state that it signs, the times of the entries since the one before
 * (a query by time looks only where they say), and the first call that was open (the next start looks from there on).
 */
export class BlockCheck {
  private readonly rows: Iterator<unknown>;
  private next: CheckpointRow | undefined;
  private from = '~';
  private to = '';
  private position: number;
  private readonly open = new Map<string, number>();
  private readonly found: Finding[] = [];

  constructor(
    db: DatabaseSync,
    private readonly through: number,
  ) {
    this.position = through;
    // The one at the end of what was pruned spans entries that are gone.
    this.rows = db.prepare('SELECT * FROM checkpoints WHERE size > ? ORDER BY number').iterate(through);
    this.advance();
  }

  entry({ seq, kind, data }: EntryPayload): void {
    this.checkUpTo(seq - 1);
    this.position = seq;
    const time = String(data.timestamp);
    if (time < this.from) this.from = time;
    if (time > this.to) this.to = time;
    if (kind === 'intent') this.open.set(String(data.id), seq);
    else if (typeof data.intent === 'string' && data.outcome != null) this.open.delete(data.intent);
  }

  finish(): readonly Finding[] {
    this.checkUpTo(this.position);
    this.rows.return?.();
    return this.found;
  }

  private checkUpTo(position: number): void {
    while (this.next && this.next.size <= position) {
      const column = this.differing(this.next);
      if (column !== undefined && this.found.length < MOST) this.add(this.next, column);
      this.from = '~';
      this.to = '';
      this.advance();
    }
  }

  private differing(row: CheckpointRow): string | undefined {
    if (!isSigned(row)) return 'size, root, chain, frontier';
    // What is not in its order has another span, and is reported for that.
    if (row.size < this.position) return undefined;
    if (row.from_time !== this.from || row.to_time !== this.to) return 'from_time, to_time';
    const first = this.open.values().next().value ?? row.size + 1;
    // A call that was announced among what was pruned may have been open.
    return row.open_from === first || (row.open_from > 0 && row.open_from <= this.through)
      ? undefined
      : 'open_from';
  }

  private add({ size }: CheckpointRow, columns: string): void {
    this.found.push({
      verdict: 'altered',
      code: 'lookup_altered',
      seq: size,
      text: blockAltered(size, columns),
    });
  }

  private advance(): void {
    const { done, value } = this.rows.next();
    this.next = done === true ? undefined : (value as CheckpointRow);
  }
}

function isSigned({ size, root, chain, frontier, note }: CheckpointRow): boolean {
  try {
    const { checkpoint } = parseCheckpoint(note);
    return (
      checkpoint.size === size &&
      checkpoint.root.equals(root) &&
      checkpoint.chain.equals(chain) &&
      new MerkleTree(size, splitHashes(frontier)).root().equals(root)
    );
  } catch {
    return false;
  }
}
