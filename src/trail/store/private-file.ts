import { syncDirectoryOf } from '../evidence/sync-directory.js';
import { chmodSync, closeSync, fchmodSync, openSync } from 'node:fs';

/** Only the owner reads and writes: a trail holds who did what, from where. */
export const OWNER_ONLY = 0o600;

/**
 * Makes an empty file that only the owner may read, whatever the umask; one that exists is left as it is but for its
 * mode. Never opens a file that exists: closing any descriptor of it would drop every POSIX lock that this process
 * holds on it, also those of SQLite (https://sqlite.org/howtocorrupt.html, section 2.2).
 */
export function createPrivate(path: string): void {
  try {
    const file = openSync(path, 'wx', OWNER_ONLY);
    try {
      fchmodSync(file, OWNER_ONLY);
    } finally {
      closeSync(file);
    }
    syncDirectoryOf(path);
  } catch (error) {
    if (!isExisting(error)) throw error;
    chmodSync(path, OWNER_ONLY);
  }
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}
