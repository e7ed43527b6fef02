import { parseCheckpoint } from '../evidence/checkpoint-note.js';
import { MerkleTree } from '../evidence/merkle-tree.js';
import { type EntryPayload } from '../evidence/read-payload.js';
import { type Finding } from '../evidence/verify/finding.js';
import { type LookupCheck } from '../evidence/verify/lookup-check.js';
import { isTimestamp } from '../store/draft-entry.js';
import { splitHashes } from '../store/split-hashes.js';
import { type TrailEntry } from '../store/trail-entry.js';
import { checkpointAltered, columnsAltered, rowUnfit } from './postgres.messages.js';
import { alteredColumns, type EntryRow } from './row-check.js';

/** More are counted among those that they follow from. */
const MOST = 20;

/** What entries are found by, computed again from their payloads; rows come here right before they are verified. */
export class PostgresLookupCheck implements LookupCheck {
  private readonly found: Finding[] = [];
  private row: EntryRow | undefined;

  /** The row of the next entry. */
  next(row: EntryRow): void {
    this.row = row;
  }

  entry(entry: EntryPayload): void {
    const { seq, data } = entry;
    if (typeof data.id !== 'string' || !isTimestamp(data.timestamp)) return this.add(seq, rowUnfit(seq));
    const columns = this.row ? alteredColumns(entry as unknown as TrailEntry, this.row.columns) : [];
    if (columns.length > 0) this.add(this.row!.seq, columnsAltered(seq, columns.join(', ')));
  }

  /** @param row a checkpoint as it is stored */
  checkpoint({ size, root, chain, frontier, note }: Record<string, unknown>): void {
    try {
      const { checkpoint } = parseCheckpoint(String(note));
      const tree = new MerkleTree(checkpoint.size, splitHashes(frontier as Buffer));
      const fits =
        checkpoint.size === Number(size) &&
        checkpoint.root.equals(root as Buffer) &&
        checkpoint.chain.equals(chain as Buffer) &&
        tree.root().equals(root as Buffer);
      if (fits) return;
    } catch {
      // No note, or no frontier: said below.
    }
    this.add(Number(size), checkpointAltered(Number(size)));
  }

  finish(): readonly Finding[] {
    return this.found;
  }

  private add(seq: number, text: string): void {
    if (this.found.length < MOST) this.found.push({ verdict: 'altered', code: 'lookup_altered', seq, text });
  }
}
