import { accessSync, chmodSync, closeSync, constants, fchmodSync, lstatSync, openSync } from 'node:fs';
import { syncDirectoryOf } from '../evidence/sync-directory.js';
import { modeStays, notAFile, symbolicLink } from './store.messages.js';
import { TrailError } from './trail-error.js';

/** Only the owner reads and writes: a trail holds who did what, from where. */
export const OWNER_ONLY = 0o600;

/**
 * Makes an empty file that only the owner may read, whatever the umask; one that exists is left as it is but for its
 * mode. Never opens a file that exists: closing any descriptor of it would drop every POSIX lock that this process
 * holds on it, also those of SQLite (https://sqlite.org/howtocorrupt.html, section 2.2).
 *
 * @throws TrailError `io` when it is a symbolic link or no file: somebody else may have put it there
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
    if (codeOf(error) !== 'EEXIST') throw error;
    requirePlainFile(path);
    makePrivate(path);
  }
}

/** @throws TrailError `io` when there is something else than a file at the path itself */
export function requirePlainFile(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isSymbolicLink()) throw new TrailError('io', symbolicLink(path));
  if (found && !found.isFile()) throw new TrailError('io', notAFile(path));
}

/** A volume whose files belong to somebody else, and to whom a group may write, keeps its modes: it says so. */
function makePrivate(path: string): void {
  try {
    chmodSync(path, OWNER_ONLY);
  } catch (error) {
    if (codeOf(error) !== 'EPERM') throw error;
    accessSync(path, constants.R_OK | constants.W_OK);
    process.emitWarning(modeStays(path, lstatSync(path)), 'LogStreamWarning');
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
