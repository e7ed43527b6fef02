import { type DatabaseSync } from 'node:sqlite';
import { appendAnchor } from '../../evidence/anchor-file.js';

/** The checkpoints outside of the database. */
export class Anchors {
  /** Number of the last checkpoint in the file. */
  private anchored = 0;

  constructor(
    private readonly path: string,
    private readonly db: DatabaseSync,
  ) {}

  /** The checkpoint with this number, and all before it, are in the file. */
  startAfter(number: number): void {
    this.anchored = number;
  }

  /** Appends what the file does not have: also what it could not be given when its disk was full. */
  catchUp(): void {
    const missing = this.db
      .prepare('SELECT number, note FROM checkpoints WHERE number > ? ORDER BY number')
      .all(this.anchored);
    for (const { number, note } of missing) {
      appendAnchor(this.path, String(note));
      this.anchored = Number(number);
    }
  }
}
