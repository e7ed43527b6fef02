import { type DatabaseSync } from 'node:sqlite';
import { type OpenIntent } from '../../store/open-intent.js';
import { type NewEntry, type TrailEntry } from '../../store/trail-entry.js';

/**
 * Follows intents that wait for their outcome: as many as calls that are under way, not as many as ever were. The
 * earliest of them goes into each checkpoint, so that a start need not look through the whole trail.
 */
export class OpenIntents {
  private readonly open = new Map<string, number>();

  /** Finds those that the run before left behind. */
  static find(db: DatabaseSync, from: number): OpenIntent[] {
    return db
      .prepare(
        `SELECT payload FROM entries AS i
         WHERE kind <> 'record' AND kind = 'intent' AND seq >= ?
           AND NOT EXISTS (SELECT 1 FROM entries AS o WHERE o.intent = i.id) ORDER BY seq`,
      )
      .all(from)
      .map(({ payload }) => {
        const { seq, instance, data } = JSON.parse(String(payload)) as TrailEntry;
        return { id: String(data.id), seq, instance, data };
      });
  }

  constructor(found: readonly OpenIntent[]) {
    for (const { id, seq } of found) this.open.set(id, seq);
  }

  /** After the commit. */
  note({ kind, data }: NewEntry, seq: number): void {
    if (kind === 'intent') this.open.set(String(data.id), seq);
    else if (typeof data.intent === 'string' && data.outcome != null) this.open.delete(data.intent);
  }

  /** No intent before this entry is open. */
  from(end: number): number {
    // In order of their entries: a Map keeps the order of insertion.
    return this.open.values().next().value ?? end;
  }

  has(id: string): boolean {
    return this.open.has(id);
  }
}
