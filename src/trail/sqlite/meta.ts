import { randomUUID } from 'node:crypto';
import { type DatabaseSync } from 'node:sqlite';

/** Names of what the table `meta` holds. */
type MetaName = 'trail' | 'first_verifier' | 'verifier' | 'owner';

export function readMeta(db: DatabaseSync, name: MetaName): string | undefined {
  return db.prepare('SELECT value FROM meta WHERE name = ?').get(name)?.value as string | undefined;
}

export function writeMeta(db: DatabaseSync, name: MetaName, value: string): void {
  db.prepare('INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value').run(
    name,
    value,
  );
}

/** The id of the trail: its checkpoints are good for no other. */
export function trailId(db: DatabaseSync): string {
  const known = readMeta(db, 'trail');
  if (known !== undefined) return known;
  const id = randomUUID();
  writeMeta(db, 'trail', id);
  return id;
}
