import { type DatabaseSync, type StatementSync } from 'node:sqlite';
import { CHAIN_START, chainHash, leafHash } from '../../evidence/hashes.js';
import { readPayload } from '../../evidence/read-payload.js';
import { damagedChain, damagedPayload, foundByOther } from '../../store/store.messages.js';
import { matchesQuery } from '../../store/matches-query.js';
import { entryOf, type StoredEntry, type TrailEntry } from '../../store/trail-entry.js';
import { type DamagedEntry, type ResolvedQuery } from '../../store/trail-query.js';

/**
 * Believes nothing of a row that a query found: its payload must be canonical, say what it was found by, and fit the
 * hash chain beside it. That costs some ten microseconds a row, and an answer then never shows another thing than what
 * was hashed. Whether the hashes are those that were signed, and whether something is missing, a verification says.
 */
export class RowCheck {
  private readonly before: StatementSync;
  private readonly matches: (entry: TrailEntry) => boolean;

  constructor(db: DatabaseSync, query: ResolvedQuery) {
    this.before = db.prepare('SELECT chain FROM entries WHERE seq = ?');
    this.matches = matchesQuery(query);
  }

  read(stored: StoredEntry): { readonly entry: TrailEntry } | { readonly damaged: DamagedEntry } {
    const { seq, payload } = stored;
    const damaged = (problem: string) => ({ damaged: { seq, problem } });
    const read = readPayload(payload);
    if ('problem' in read) return damaged(damagedPayload(seq, read.problem));
    const entry = entryOf(stored);
    if (read.entry.seq !== seq || (hasTextsOnly(entry) && !this.matches(entry)))
      return damaged(foundByOther(seq));
    return this.isLinked(stored) ? { entry } : damaged(damagedChain(seq));
  }

  private isLinked({ seq, payload, chain }: StoredEntry): boolean {
    const before = seq === 1 ? CHAIN_START : this.before.get(seq - 1)?.chain;
    // Of the first one that was not pruned only its checkpoint tells.
    return before === undefined || chainHash(before as Uint8Array, leafHash(payload)).equals(chain);
  }
}

/** How SQLite compares what is no text, is its own affair: an index that is wrong there shows in a verification. */
function hasTextsOnly({ data }: TrailEntry): boolean {
  const { action, outcome, level, logger, actor, targets } = data;
  const ids = [actor, ...(Array.isArray(targets) ? targets : [])].map(idOf);
  return [action, outcome, level, logger, ...ids].every(
    (value) => value == null || typeof value === 'string',
  );
}

function idOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
}
