import { randomUUID } from 'node:crypto';
import { type DatabaseSync } from 'node:sqlite';
import { takenOver } from '../../store/store.messages.js';
import { TrailError } from '../../store/trail-error.js';
import { readMeta, writeMeta } from '../meta.js';

/**
 * Whose trail it is, in the trail itself. Locks of POSIX belong to the process and not to the file that is open: when an
 * application reads the files beside its trail, as a route for backups does, closing one of them gives up the lock, and
 * another process gets it. What it then does shows here, at the next commit, before anything is acknowledged.
 */
export class Ownership {
  private readonly own = randomUUID();
  /** Whoever had it before: nobody since. */
  private readonly before: string | undefined;
  private isOurs = false;

  constructor(
    private readonly db: DatabaseSync,
    private readonly file: string,
  ) {
    this.before = readMeta(db, 'owner');
  }

  /**
   * Within each transaction, before its work.
   *
   * @throws TrailError `replaced` when another process has it
   */
  demand(): void {
    const found = readMeta(this.db, 'owner');
    if (found === this.own) return;
    if (this.isOurs || found !== this.before) throw new TrailError('replaced', takenOver(this.file));
    // With the first commit, not at the start: a start needs no space on a full disk.
    writeMeta(this.db, 'owner', this.own);
  }

  /** The transaction was committed. */
  committed(): void {
    this.isOurs = true;
  }
}
