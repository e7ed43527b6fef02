import { type DatabaseSync, type StatementSync } from 'node:sqlite';
import { type EntryPayload, readPayload } from '../../evidence/read-payload.js';
import { type Finding } from '../../evidence/verify/finding.js';
import { targetExtra, targetMissing } from './lookup.messages.js';

/** More are counted, and not told one by one. */
const MOST = 20;

/**
 * The table of targets, which a trigger fills: each entry's own must be there, and nothing else. Both are seen by looking
 * each one up and counting them, in constant memory.
 */
export class TargetCheck {
  private readonly find: StatementSync;
  private readonly missing: Finding[] = [];
  private expected = 0;

  constructor(
    private readonly db: DatabaseSync,
    private readonly through: number,
  ) {
    this.find = db.prepare('SELECT 1 FROM targets WHERE target = ? AND seq = ?');
  }

  entry({ seq, data }: EntryPayload): void {
    for (const target of targetsOf(data)) {
      this.expected += 1;
      if (this.find.get(target, seq) || this.missing.length === MOST) continue;
      this.missing.push(finding(seq, targetMissing(seq, target)));
    }
  }

  *finish(): Generator<Finding, void, undefined> {
    yield* this.missing;
    const { count } = this.db
      .prepare('SELECT count(*) AS count FROM targets WHERE seq > ?')
      .get(this.through)!;
    if (Number(count) > this.expected - this.missing.length) yield* this.extras();
  }

  /** Once more from the other side: only where the counts differ. */
  private *extras(): Generator<Finding, void, undefined> {
    const payloadOf = this.db.prepare('SELECT payload FROM entries WHERE seq = ?');
    let found = 0;
    for (const row of this.db
      .prepare('SELECT target, seq FROM targets WHERE seq > ?')
      .iterate(this.through)) {
      const [seq, target] = [Number(row.seq), String(row.target)];
      const payload = payloadOf.get(seq)?.payload;
      const read = payload === undefined ? undefined : readPayload(String(payload));
      if (read && 'entry' in read && targetsOf(read.entry.data).has(target)) continue;
      yield finding(seq, targetExtra(seq, target));
      found += 1;
      if (found === MOST) return;
    }
  }
}

function finding(seq: number, text: string): Finding {
  return { verdict: 'altered', code: 'lookup_altered', seq, text };
}

/** As the trigger takes them, in the text that SQLite makes of what is no text. */
function targetsOf({ targets }: EntryPayload['data']): ReadonlySet<string> {
  if (!Array.isArray(targets)) return new Set();
  return new Set(targets.map(idOf).filter((id) => id !== undefined));
}

function idOf(target: unknown): string | undefined {
  if (typeof target !== 'object' || target === null || Array.isArray(target) || !('id' in target))
    return undefined;
  const { id } = target;
  if (typeof id === 'boolean') return id ? '1' : '0';
  if (typeof id === 'object' && id !== null) return JSON.stringify(id);
  return id === null ? undefined : String(id);
}
