import { type DatabaseSync } from 'node:sqlite';
import { type EntryPayload } from '../../evidence/read-payload.js';
import { type Finding } from '../../evidence/verify/finding.js';
import { epochAltered, epochMissing } from './lookup.messages.js';

/** A stream is a start of an application: more than anybody has, and a bound for who makes them up. */
const MOST_EPOCHS = 100_000;

/** The streams whose records are kept: a client that comes back is sent on by where its own began. */
export class EpochCheck {
  private readonly first = new Map<string, number>();

  constructor(
    private readonly db: DatabaseSync,
    private readonly through: number,
  ) {}

  entry({ seq, stream }: EntryPayload): void {
    if (stream === null || this.first.has(stream.epoch) || this.first.size === MOST_EPOCHS) return;
    this.first.set(stream.epoch, seq);
  }

  *finish(): Generator<Finding, void, undefined> {
    const known = this.db.prepare('SELECT after_seq, pruned FROM epochs WHERE epoch = ?');
    for (const [epoch, seq] of this.first) {
      const row = known.get(epoch);
      if (!row) yield finding(seq, epochMissing(epoch));
      else if (Number(row.after_seq) >= seq) yield finding(seq, epochAltered(epoch, 'after_seq'));
    }
    yield* this.inOrder();
    if (this.through > 0) return;
    for (const { epoch } of this.db.prepare('SELECT epoch FROM epochs WHERE pruned <> 0').all())
      yield finding(1, epochAltered(String(epoch), 'pruned'));
  }

  /** By number, as they began: of two streams the first entries come in that order, by way of the spool as well. */
  private *inOrder(): Generator<Finding, void, undefined> {
    let before = 0;
    for (const { epoch } of this.db.prepare('SELECT epoch FROM epochs ORDER BY number').iterate()) {
      const first = this.first.get(String(epoch));
      if (first === undefined) continue;
      if (first < before) yield finding(first, epochAltered(String(epoch), 'number'));
      before = Math.max(before, first);
    }
  }
}

function finding(seq: number, text: string): Finding {
  return { verdict: 'altered', code: 'lookup_altered', seq, text };
}
