import { type DatabaseSync } from 'node:sqlite';
import { type PlainObject } from '../../wire/plain-value.js';
import { type Hold } from '../store/hold.js';
import { type TrailEntry } from '../store/trail-entry.js';
import { actionCondition } from './reader/action-pattern.js';

/** Holds are entries of the trail, so that they are evidence themselves; this reads those in force. */
export function activeHolds(db: DatabaseSync): Hold[] {
  const holds = new Map<string, Hold>();
  const entries = db
    .prepare(
      `SELECT payload FROM entries WHERE kind <> 'record' AND kind IN ('hold', 'release') ORDER BY seq`,
    )
    .all();
  for (const { payload } of entries) {
    const { seq, kind, data } = JSON.parse(String(payload)) as TrailEntry;
    if (kind === 'hold') holds.set(String(data.hold), holdOf(seq, data));
    else holds.delete(String(data.hold));
  }
  return [...holds.values()];
}

function holdOf(seq: number, { hold, reason, scope, timestamp }: PlainObject): Hold {
  const { from, to, action } = scope as PlainObject;
  return {
    id: String(hold),
    seq,
    since: String(timestamp),
    reason: String(reason),
    ...(typeof from === 'string' && { from }),
    ...(typeof to === 'string' && { to }),
    ...(typeof action === 'string' && { action }),
  };
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
