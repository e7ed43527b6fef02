import { type DatabaseSync } from 'node:sqlite';
import { type ResolvedQuery } from '../../store/trail-query.js';

/** Positions from `first` to `last`, both included. */
export interface Stretch {
  readonly first: number;
  readonly last: number;
}

/** Where entries of a query can be, in ascending order: by its positions, and by its times as far as blocks tell. */
export function stretchesOf(db: DatabaseSync, query: ResolvedQuery, floor: number, head: number): Stretch[] {
  const { after = 0, before = head + 1 } = query;
  const low = Math.max(after, floor) + 1;
  const high = Math.min(before - 1, head);
  return stretchesInTime(db, query)
    .map(({ first, last }) => ({ first: Math.max(first, low), last: Math.min(last, high) }))
    .filter(({ first, last }) => first <= last);
}

/** Cuts stretches into windows of at most `size` positions, in the order in which they are looked at. */
export function* windowsOf(
  stretches: readonly Stretch[],
  order: 'asc' | 'desc',
  size: number,
): Generator<Stretch, void, undefined> {
  if (order === 'asc') {
    for (const { first, last } of stretches) {
      for (let from = first; from <= last; from += size)
        yield { first: from, last: Math.min(last, from + size - 1) };
    }
    return;
  }
  for (const { first, last } of stretches.toReversed()) {
    for (let to = last; to >= first; to -= size) yield { first: Math.max(first, to - size + 1), last: to };
  }
}

/** Checkpoints know the times of the entries since the one before; nobody knows those behind the last one. */
function stretchesInTime(db: DatabaseSync, { from, to }: ResolvedQuery): Stretch[] {
  const all = { first: 1, last: Number.MAX_SAFE_INTEGER };
  if (from === undefined && to === undefined) return [all];
  const size = (sql: string, ...values: (string | number)[]): number | undefined => {
    const found = db.prepare(`SELECT ${sql}`).get(...values)?.size;
    return found == null ? undefined : Number(found);
  };
  const covered = size('max(size) AS size FROM checkpoints') ?? 0;
  const tail = { ...all, first: covered + 1 };
  const firstBlock = size('min(size) AS size FROM checkpoints WHERE to_time >= ?', from ?? '');
  const lastBlock = size('max(size) AS size FROM checkpoints WHERE from_time < ?', to ?? '~');
  if (firstBlock === undefined || lastBlock === undefined) return [tail];
  const before = size('max(size) AS size FROM checkpoints WHERE size < ?', firstBlock) ?? 0;
  return [{ first: before + 1, last: lastBlock }, tail];
}
