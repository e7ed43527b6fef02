import { type DatabaseSync } from 'node:sqlite';
import { schemaExtra, schemaMissing, schemaOther } from '../store/store.messages.js';
import { SCHEMA } from './schema.js';
import { loadSqlite } from './sqlite.js';

/** Of everything that the file declares: its SQL, in which a generated column or a trigger can be made to lie. */
const DECLARED = `SELECT type || ' ' || name AS name, tbl_name || ': ' || coalesce(sql, '') AS declared FROM sqlite_schema`;

/** What `ANALYZE` leaves: it can make a query slow, and no answer wrong. */
const STATISTICS = /^table sqlite_stat\d$/;

/**
 * Compares what a file declares with what this version would have made. A view in the place of a table, another
 * expression behind a column, or one trigger less: the file then answers other things than it stores.
 *
 * @param of `reading`: without the triggers, which change nothing of what is read
 * @returns what differs first, `undefined` when nothing does
 */
export function schemaDifference(db: DatabaseSync, of: 'reading' | 'writing'): string | undefined {
  const counts = ([name]: [string, string]): boolean => of === 'writing' || !name.startsWith('trigger ');
  const found = new Map([...declaredIn(db)].filter(counts));
  const expected = new Map([...expectedSchema()].filter(counts));
  for (const [name, sql] of found) {
    if (STATISTICS.test(name)) continue;
    const wanted = expected.get(name);
    if (wanted === undefined) return schemaExtra(name);
    if (wanted !== sql) return schemaOther(name);
  }
  const missing = [...expected.keys()].find((name) => !found.has(name));
  return missing === undefined ? undefined : schemaMissing(missing);
}

function expectedSchema(): Map<string, string> {
  const { DatabaseSync } = loadSqlite();
  const db = new DatabaseSync(':memory:');
  try {
    db.exec(SCHEMA);
    return declaredIn(db);
  } finally {
    db.close();
  }
}

function declaredIn(db: DatabaseSync): Map<string, string> {
  return new Map(
    db
      .prepare(DECLARED)
      .all()
      .map(({ name, declared }) => [String(name), String(declared)]),
  );
}
