import { type DatabaseSync } from 'node:sqlite';
import { type PlainObject } from '../../../wire/plain-value.js';
import { formatStart } from '../../evidence/start-state.js';
import { pragma } from '../connection.js';
import { activeHolds, firstHeld } from '../active-holds.js';
import { type PrunableStretch, type PruneBounds } from '../../store/pruned.js';
import { splitHashes } from '../../store/split-hashes.js';

/** The last entry that was pruned, also when its deletion is not finished. */
export function prunedThrough(db: DatabaseSync): number {
  return lastPruned(db)?.through ?? 0;
}

/** What the bounds name and the holds leave; `through` is before `from` when that is nothing. */
export function prunable(db: DatabaseSync, bounds: PruneBounds): PrunableStretch {
  const floor = prunedThrough(db);
  const wanted = Math.max(olderThan(db, floor, bounds.olderThan), overSize(db, floor, bounds.keepBytes));
  const holds = activeHolds(db)
    .map((hold) => ({ id: hold.id, first: firstHeld(db, hold, floor) }))
    .filter(({ first }) => first <= wanted);
  const allowed = Math.min(wanted, ...holds.map(({ first }) => first - 1));
  const signed = db.prepare('SELECT max(size) AS size FROM checkpoints WHERE size <= ?').get(allowed);
  return {
    from: floor + 1,
    through: Math.max(floor, Number(signed?.size ?? 0)),
    heldBy: holds.map(({ id }) => id),
  };
}

/** The blocks from the beginning in which nothing is younger. */
function olderThan(db: DatabaseSync, floor: number, time: string | undefined): number {
  if (time === undefined) return floor;
  const young = db
    .prepare('SELECT min(size) AS size FROM checkpoints WHERE size > ? AND to_time >= ?')
    .get(floor, time);
  const old = db
    .prepare('SELECT max(size) AS size FROM checkpoints WHERE size < ?')
    .get(Number(young?.size ?? Number.MAX_SAFE_INTEGER));
  return Math.max(floor, Number(old?.size ?? 0));
}

/** As many entries of average size as are too much. */
function overSize(db: DatabaseSync, floor: number, keepBytes: number | undefined): number {
  if (keepBytes === undefined) return floor;
  const pages = Number(pragma(db, 'page_count')) - Number(pragma(db, 'freelist_count'));
  const bytes = pages * Number(pragma(db, 'page_size'));
  if (bytes <= keepBytes) return floor;
  const last = Number(db.prepare('SELECT max(seq) AS last FROM entries').get()?.last ?? 0);
  return floor + Math.ceil(((last - floor) * (bytes - keepBytes)) / bytes);
}

/**
 * What the entry says that stands in the place of what goes: the state from which the rest can be verified (`StartStateJson` of
 * evidence), and the signed note over it.
 */
export function prunedData(
  db: DatabaseSync,
  { from, through }: PrunableStretch,
  bounds: PruneBounds,
): PlainObject {
  const { chain, root, frontier, note } = db
    .prepare('SELECT * FROM checkpoints WHERE size = ? ORDER BY number LIMIT 1')
    .get(through) as unknown as Record<'chain' | 'root' | 'frontier', Uint8Array> & { note: string };
  const start = formatStart({
    through,
    chain: Buffer.from(chain),
    frontier: splitHashes(frontier),
    handovers: [...(lastPruned(db)?.handovers ?? []), ...handoversIn(db, from, through)],
  });
  return {
    from,
    count: through - from + 1,
    root: Buffer.from(root).toString('hex'),
    ...start,
    frontier: [...start.frontier],
    handovers: [...start.handovers],
    note,
    bounds: { ...bounds },
  };
}

/** What the last entry of kind `pruned` says. */
export interface PrunedData extends PlainObject {
  through: number;
  chain: string;
  frontier: string[];
  handovers: string[];
}

export function lastPruned(db: DatabaseSync): PrunedData | undefined {
  const row = db
    .prepare(
      `SELECT payload FROM entries WHERE kind <> 'record' AND kind = 'pruned' ORDER BY seq DESC LIMIT 1`,
    )
    .get();
  return row && (JSON.parse(String(row.payload)) as { data: PrunedData }).data;
}

/** Notes by which keys took over among what goes: without them nobody could tell whose key signs the rest. */
function handoversIn(db: DatabaseSync, from: number, through: number): string[] {
  return db
    .prepare(
      `SELECT payload ->> '$.data.note' AS note FROM entries
       WHERE kind <> 'record' AND kind = 'key' AND seq BETWEEN ? AND ? ORDER BY seq`,
    )
    .all(from, through)
    .map(({ note }) => String(note));
}
