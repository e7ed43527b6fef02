import { resolvePostgresOptions } from '../options/resolve-postgres-options.js';
import { PostgresLocation } from './postgres/postgres-location.js';
import { SqliteLocation } from './sqlite/sqlite-location.js';
import { type TrailLocation } from './store/trail-backend.js';

/** Whether a target is a database of PostgreSQL, and no file. */
export function isPostgres(target: string): boolean {
  return /^postgres(?:ql)?:\/\//.test(target);
}

/**
 * The trail that a command line names, for reading.
 *
 * @param target path of a file of SQLite, or `postgres://...`, with `?schema=` unless that is `audit`
 */
export function trailAt(target: string): TrailLocation {
  return isPostgres(target)
    ? new PostgresLocation(resolvePostgresOptions({ url: target }))
    : new SqliteLocation(target);
}
