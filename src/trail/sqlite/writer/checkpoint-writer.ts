import { type DatabaseSync, type StatementSync } from 'node:sqlite';
import { type Checkpoint } from '../../evidence/checkpoint.js';
import { signCheckpoint } from '../../evidence/checkpoint-note.js';
import { type SigningKey } from '../../evidence/signing-key.js';
import { type WrittenCheckpoint } from '../../store/written-checkpoint.js';
import { type TrailHead } from './trail-head.js';

/** Signs the head and keeps what was signed. */
export class CheckpointWriter {
  private readonly insert: StatementSync;

  constructor(
    db: DatabaseSync,
    private readonly head: TrailHead,
    private readonly trail: string,
  ) {
    this.insert = db.prepare(
      `INSERT INTO checkpoints (size, root, chain, frontier, from_time, to_time, open_from, note)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
  }

  /** The head as a checkpoint, unsigned. */
  current(): Checkpoint {
    const { seq: size, root, chain } = this.head;
    return { trail: this.trail, size, root, chain: Buffer.from(chain), time: new Date().toISOString() };
  }

  /** Within a transaction. */
  sign(openFrom: number, ...keys: readonly SigningKey[]): WrittenCheckpoint {
    const checkpoint = this.current();
    return this.write(checkpoint, signCheckpoint(checkpoint, ...keys), openFrom);
  }

  /** Writes a note that was signed elsewhere, as that of a rotation. Within a transaction. */
  write(checkpoint: Checkpoint, note: string, openFrom: number): WrittenCheckpoint {
    const { size, root, chain, time } = checkpoint;
    const { from, to } = this.head.span;
    this.insert.run(size, root, chain, Buffer.concat(this.head.frontier), from, to, openFrom, note);
    this.head.beginBlock();
    return { size, time, note };
  }
}
