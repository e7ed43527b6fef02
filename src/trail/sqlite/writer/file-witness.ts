import { statSync, type BigIntStats } from 'node:fs';
import { replaced } from '../../store/store.messages.js';
import { TrailError } from '../../store/trail-error.js';

/**
 * Notices when a path no longer leads to the file that was opened. SQLite goes on writing to a deleted file without
 * an error, and every record in it is gone when the process ends.
 */
export class FileWitness {
  private readonly seen = new Map<string, BigIntStats>();

  /** @param file the database; its write-ahead log is watched as soon as it is there */
  constructor(private readonly file: string) {
    this.watch(file);
  }

  /** @throws TrailError `replaced`; costs two `stat` calls, some microseconds */
  check(): void {
    this.compare(this.file);
    const log = `${this.file}-wal`;
    if (this.seen.has(log)) this.compare(log);
    else this.watch(log);
  }

  private watch(path: string): void {
    const found = identity(path);
    if (found) this.seen.set(path, found);
  }

  private compare(path: string): void {
    const before = this.seen.get(path);
    const now = identity(path);
    if (!before || now?.ino !== before.ino || now.dev !== before.dev) {
      throw new TrailError('replaced', replaced(path));
    }
  }
}

function identity(path: string): BigIntStats | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false });
}
