import { type DatabaseSync } from 'node:sqlite';
import { type EntryPayload } from '../../evidence/read-payload.js';
import { type Finding } from '../../evidence/verify/finding.js';
import { type LookupCheck } from '../../evidence/verify/lookup-check.js';
import { BlockCheck } from './block-check.js';
import { EpochCheck } from './epoch-check.js';
import { findIndexDamage } from './index-check.js';
import { schemaDifference } from '../schema-check.js';
import { isTimestamp } from '../../store/draft-entry.js';
import { guardLifted, noIdOrTime, triggerAltered } from './lookup.messages.js';
import { TargetCheck } from './target-check.js';

/** All that a trail in SQLite is asked by, computed again from the payloads of its entries. */
export class SqliteLookupCheck implements LookupCheck {
  private readonly targets: TargetCheck;
  private readonly blocks: BlockCheck;
  private readonly epochs: EpochCheck;
  /** The first entry that no draft can have become. */
  private unfit: number | undefined;

  /** @param through the last entry that was pruned */
  constructor(
    private readonly db: DatabaseSync,
    through: number,
  ) {
    this.targets = new TargetCheck(db, through);
    this.blocks = new BlockCheck(db, through);
    this.epochs = new EpochCheck(db, through);
  }

  entry(entry: EntryPayload): void {
    const { id, timestamp } = entry.data;
    if (typeof id !== 'string' || !isTimestamp(timestamp)) this.unfit ??= entry.seq;
    this.targets.entry(entry);
    this.blocks.entry(entry);
    this.epochs.entry(entry);
  }

  *finish(): Generator<Finding, void, undefined> {
    if (this.unfit !== undefined) {
      const text = noIdOrTime(this.unfit);
      yield { verdict: 'altered', code: 'lookup_altered', seq: this.unfit, text };
    }
    yield* this.triggers();
    yield* this.guard();
    yield* findIndexDamage(this.db);
    yield* this.targets.finish();
    yield* this.blocks.finish();
    yield* this.epochs.finish();
  }

  /** They say nothing of what is read; but who has taken one away meant to change what it keeps. */
  private *triggers(): Generator<Finding, void, undefined> {
    const difference = schemaDifference(this.db, 'writing');
    if (difference === undefined) return;
    yield { verdict: 'altered', code: 'schema_altered', seq: 1, text: triggerAltered(difference) };
  }
  /** A row in it lifts the guard of all entries up to its own, and none is there but within a deletion. */
  private *guard(): Generator<Finding, void, undefined> {
    const row = this.db.prepare('SELECT max(through) AS through FROM pruning').get();
    if (row?.through == null) return;
    yield { verdict: 'altered', code: 'lookup_altered', seq: 1, text: guardLifted(Number(row.through)) };
  }
}
