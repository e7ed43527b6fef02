import { type DatabaseSync } from 'node:sqlite';
import { createPrivate } from '../../store/private-file.js';
import { loadSqlite, resultCode } from '../sqlite.js';
import { locked } from '../../store/store.messages.js';
import { TrailError } from '../../store/trail-error.js';
import { LivingOwner } from './living-owner.js';

const BUSY = 5;

/**
 * Keeps other writers out: an exclusive transaction on a second database, `<file>.lock`, for as long as the trail is
 * open. Readers of the trail are not disturbed, and the operating system gives the lock back when the process dies,
 * however it dies.
 */
export class FileLock implements Disposable {
  private constructor(
    private readonly db: DatabaseSync,
    private readonly owner: LivingOwner | undefined,
  ) {}

  /** @throws TrailError `locked` when somebody else holds it */
  static take(file: string): FileLock {
    const path = `${file}.lock`;
    createPrivate(path);
    const { DatabaseSync } = loadSqlite();
    const db = new DatabaseSync(path);
    try {
      // In the journal of the default mode an exclusive lock needs no write: it can be had on a full disk.
      db.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
    } catch (error) {
      db.close();
      if (resultCode(error) === BUSY) throw new TrailError('locked', locked(file), { cause: error });
      throw error;
    }
    try {
      return new FileLock(db, LivingOwner.take(file));
    } catch (error) {
      db.close();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.owner?.[Symbol.dispose]();
    this.db.close();
  }
}
