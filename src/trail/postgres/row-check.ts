import { CHAIN_START, chainHash, leafHash } from '../evidence/hashes.js';
import { readPayload } from '../evidence/read-payload.js';
import { damagedChain, damagedPayload, foundByOther } from '../store/store.messages.js';
import { entryOf, type TrailEntry } from '../store/trail-entry.js';
import { type DamagedEntry } from '../store/trail-query.js';
import { FOUND_BY, foundBy } from './found-by.js';

/** An entry as it is read: with the chain before it, and what it is found by. */
export interface EntryRow {
  readonly seq: number;
  readonly payload: string;
  readonly chain: Buffer;
  /** `null` of the first one that was not pruned. */
  readonly before: Buffer | null;
  readonly columns: Readonly<Record<string, unknown>>;
}

export const ENTRY_COLUMNS = `e.seq, e.payload, e.chain, ${FOUND_BY.map((name) => `e.${name}`).join(', ')}`;

export function entryRow(row: Record<string, unknown>): EntryRow {
  const { seq, payload, chain, before = null, ...columns } = row;
  return {
    seq: Number(seq),
    payload: payload as string,
    chain: chain as Buffer,
    before: before as Buffer | null,
    columns,
  };
}

/** Shows nothing that is not what was hashed, or that was found by what it does not say. */
export function checkedRow(
  row: EntryRow,
): { readonly entry: TrailEntry } | { readonly damaged: DamagedEntry } {
  const { seq, payload, chain, before } = row;
  const damaged = (problem: string) => ({ damaged: { seq, problem } });
  const read = readPayload(payload);
  if ('problem' in read) return damaged(damagedPayload(seq, read.problem));
  const entry = entryOf(row);
  if (read.entry.seq !== seq || alteredColumns(entry, row.columns).length > 0)
    return damaged(foundByOther(seq));
  const previous = seq === 1 ? CHAIN_START : before;
  const isLinked = previous === null || chainHash(previous, leafHash(payload)).equals(chain);
  return isLinked ? { entry } : damaged(damagedChain(seq));
}

/** Columns that say something else than the entry. */
export function alteredColumns(
  entry: Parameters<typeof foundBy>[0],
  columns: Readonly<Record<string, unknown>>,
): string[] {
  const wanted = foundBy(entry);
  return FOUND_BY.filter((name) => String(columns[name]) !== String(wanted[name]));
}
