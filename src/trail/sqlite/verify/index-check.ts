import { type DatabaseSync } from 'node:sqlite';
import { type Finding } from '../../evidence/verify/finding.js';
import { indexDamaged } from './lookup.messages.js';

/** More would be said of one damaged page. */
const MOST = 20;

/**
 * Lets SQLite look each entry up in each index, and count both: a row that an index leaves out, or has in a wrong place,
 * is never found by it. It computes what an index holds from the payloads, by expressions that were compared before.
 */
export function* findIndexDamage(db: DatabaseSync): Generator<Finding, void, undefined> {
  for (const text of integrityProblems(db)) {
    const row = /^row (\d+) missing from index entries_/.exec(text)?.[1];
    yield {
      verdict: 'altered',
      code: 'lookup_altered',
      seq: row === undefined ? 1 : Number(row),
      text: indexDamaged(text),
    };
  }
}

function integrityProblems(db: DatabaseSync): string[] {
  try {
    const rows = db.prepare(`PRAGMA integrity_check(${MOST})`).all();
    return rows.map((row) => String(Object.values(row)[0])).filter((text) => text !== 'ok');
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
