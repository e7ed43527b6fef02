import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type DatabaseSync } from 'node:sqlite';
import { createPrivate } from '../store/private-file.js';
import { requireFile } from './file-place.js';
import { APPLICATION_ID, FORMAT, SCHEMA } from './schema.js';
import { loadSqlite, transaction } from './sqlite.js';
import { schemaDifference } from './schema-check.js';
import { newerFormat, notATrail, oddFormat, schemaChanged, settingRefused } from '../store/store.messages.js';
import { TrailError } from '../store/trail-error.js';

/** The write-ahead log is cut back to this many bytes when it was larger. */
const LOG_BYTES = 16 * 1024 * 1024;

/**
 * What acknowledged entries depend on, with the value that SQLite answers. `synchronous` is a setting of the
 * connection, not of the file, and builds differ in its default (Debian's `sqlite3`, distributions of Node).
 */
const WRITER_SETTINGS: readonly [name: string, set: string, answer: string | number][] = [
  ['journal_mode', 'WAL', 'wal'],
  ['synchronous', 'FULL', 2],
  ['fullfsync', 'ON', 1],
  ['checkpoint_fullfsync', 'ON', 1],
  // Without it an INSERT OR REPLACE deletes rows without their trigger.
  ['recursive_triggers', 'ON', 1],
  ['foreign_keys', 'ON', 1],
  ['trusted_schema', 'OFF', 0],
  ['busy_timeout', '1000', 1000],
  ['journal_size_limit', String(LOG_BYTES), LOG_BYTES],
  // In a container whose root is read-only there is no directory for temporary files, and a step of pruning needs one.
  ['temp_store', 'MEMORY', 2],
];

/**
 * Opens a trail for writing, makes it when it is not there, and reads every setting back.
 *
 * @throws TrailError `not_a_trail`, or `io` when a setting does not hold
 */
export function openForWriting(file: string): DatabaseSync {
  createPrivate(file);
  const { DatabaseSync } = loadSqlite();
  const db = new DatabaseSync(file);
  try {
    const isNew = requireTrail(db, file);
    // Before the first table, and it is kept in the file: pruning can give pages back without copying it all.
    if (isNew) db.exec('PRAGMA auto_vacuum = INCREMENTAL');
    for (const [name, value, answer] of WRITER_SETTINGS) {
      db.exec(`PRAGMA ${name} = ${value}`);
      requireSetting(db, file, name, value, answer);
    }
    if (isNew) createTables(db);
    else requireSchema(db, file, 'writing');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Opens a trail that another thread or process may be writing to, unable to change it. What it declares is not looked
 * at yet: see {@link requireSchema}.
 *
 * @throws TrailError `not_a_trail`, `broken`
 */
export function openForReading(file: string): DatabaseSync {
  requireFile(file);
  const { DatabaseSync } = loadSqlite();
  const db = new DatabaseSync(isArchive(file) ? archiveUrl(file) : file, { readOnly: true });
  try {
    if (requireTrail(db, file)) throw new TrailError('not_a_trail', notATrail(file));
    db.exec('PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA busy_timeout = 5000');
    requireSetting(db, file, 'query_only', 'ON', 1);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** On read-only media there can be no shared-memory file, which readers of a write-ahead log need. */
function isArchive(file: string): boolean {
  if (existsSync(`${file}-wal`)) return false;
  try {
    accessSync(dirname(file), constants.W_OK);
    return false;
  } catch {
    return true;
  }
}

function archiveUrl(file: string): URL {
  const url = pathToFileURL(file);
  url.searchParams.set('immutable', '1');
  return url;
}

/** @returns true when the file is empty */
function requireTrail(db: DatabaseSync, file: string): boolean {
  const id = pragma(db, 'application_id');
  if (id === APPLICATION_ID) {
    const format = Number(pragma(db, 'user_version'));
    if (format > FORMAT) throw new TrailError('not_a_trail', newerFormat(file, format));
    // An empty file has none, and one of ours always has.
    if (!(format >= 1)) throw new TrailError('broken', oddFormat(file, format));
    return false;
  }
  const tables = db.prepare('SELECT count(*) AS count FROM sqlite_schema').get()?.count;
  if (id !== 0 || tables !== 0) throw new TrailError('not_a_trail', notATrail(file));
  return true;
}

/**
 * Refuses a trail that declares other tables, columns, indexes or triggers than a trail has.
 *
 * @throws TrailError `broken`
 */
export function requireSchema(db: DatabaseSync, file: string, of: 'reading' | 'writing'): void {
  const difference = schemaDifference(db, of);
  if (difference !== undefined) throw new TrailError('broken', schemaChanged(file, difference));
}

function requireSetting(
  db: DatabaseSync,
  file: string,
  name: string,
  value: string,
  answer: string | number,
): void {
  const found = pragma(db, name);
  if (found !== answer) throw new TrailError('io', settingRefused(file, name, value, String(found)));
}

function createTables(db: DatabaseSync): void {
  transaction(db, () => {
    db.exec(SCHEMA);
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FORMAT}`);
  });
}

/** The value of a pragma that answers with one row of one column. */
export function pragma(db: DatabaseSync, name: string): unknown {
  const row = db.prepare(`PRAGMA ${name}`).get();
  return row && Object.values(row)[0];
}
