import { isBuiltin } from 'node:module';
import { type DatabaseSync } from 'node:sqlite';
import { describeError, payloadUnreadable, sqliteMissing } from '../store/store.messages.js';
import { TrailError, type TrailErrorCode } from '../store/trail-error.js';

type Sqlite = typeof import('node:sqlite');

/** Asked without loading it: older versions of Node 22 print a warning then, and the worker loads it anyway. */
export function requireSqlite(): void {
  if (!isBuiltin('node:sqlite')) throw new TrailError('unsupported', sqliteMissing(process.version));
}

/**
 * Loads `node:sqlite` where it is needed: a static import of it would keep the whole package from loading on Node 20.
 *
 * @throws TrailError `unsupported`
 */
export function loadSqlite(): Sqlite {
  requireSqlite();
  return process.getBuiltinModule('node:sqlite');
}

/** Primary result codes of SQLite (https://sqlite.org/rescode.html) that mean something to a caller. */
const CODES: Readonly<Record<number, TrailErrorCode>> = {
  5: 'busy',
  6: 'busy',
  8: 'read_only',
  10: 'io',
  11: 'corrupt',
  13: 'full',
  14: 'io',
  // Somebody else writes to the file: rows are where ours belong, or rows went that a trigger protects.
  19: 'corrupt',
  26: 'not_a_trail',
};

/** The primary result code of an error that SQLite raised. */
export function resultCode(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}

/** What SQLite says when it is to look into a payload that is no JSON: somebody else has written it. */
const NO_JSON = /malformed JSON/;

/** What a failed statement on the file means. */
export function trailErrorOf(error: unknown, file: string): TrailError {
  if (error instanceof TrailError) return error;
  if (error instanceof Error && NO_JSON.test(error.message))
    return new TrailError('broken', payloadUnreadable(file), { cause: error });
  const code = CODES[resultCode(error) ?? -1] ?? 'io';
  return new TrailError(code, describeError(code, file, error), { cause: error });
}

/** Runs work in a transaction that takes the write lock at once; whatever it throws rolls back. */
export function transaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    try {
      db.exec('ROLLBACK');
    } catch {
      // SQLITE_FULL and some I/O errors roll back by themselves; then there is nothing left to roll back.
    }
    throw error;
  }
}
