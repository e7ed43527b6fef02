import { type DatabaseSync } from 'node:sqlite';
import { type Hold } from '../store/hold.js';
import { holdsInForce } from '../store/holds-in-force.js';
import { actionCondition } from './reader/action-pattern.js';

/** Holds are entries of the trail, so that they are evidence themselves; this reads those in force. */
export function activeHolds(db: DatabaseSync): Hold[] {
  const entries = db
    .prepare(
      `SELECT payload FROM entries WHERE kind <> 'record' AND kind IN ('hold', 'release') ORDER BY seq`,
    )
    .all();
  return holdsInForce(entries.map(({ payload }) => String(payload)));
}

/**
 * The first entry that a hold keeps, as far as the indexes tell: never a later one than it should be.
 *
 * @param floor entries up to here are gone already
 */
export function firstHeld(db: DatabaseSync, hold: Hold, floor: number): number {
  const inTime = firstInTime(db, hold, floor);
  if (inTime === undefined) return hold.seq;
  if (hold.action === undefined) return Math.min(inTime, hold.seq);
  const { sql, values } = actionCondition(db, hold.action);
  const found = db
    .prepare(`SELECT min(seq) AS first FROM entries WHERE ${sql} AND seq >= ?`)
    .get(...values, inTime)?.first;
  return Math.min(Number(found ?? hold.seq), hold.seq);
}

/** By the blocks between checkpoints; what no checkpoint covers cannot be pruned anyway. */
function firstInTime(db: DatabaseSync, { from = '', to = '~' }: Hold, floor: number): number | undefined {
  const block = db
    .prepare(
      `SELECT coalesce((SELECT max(size) FROM checkpoints AS before WHERE before.size < block.size), 0) + 1 AS first
       FROM checkpoints AS block
       WHERE size > ? AND to_time >= ? AND from_time <= ? ORDER BY size LIMIT 1`,
    )
    .get(floor, from, to);
  return block ? Math.max(Number(block.first), floor + 1) : undefined;
}
