import { type CapturedEntry, type CapturedRecord } from './captured-record.js';
import { compileMatcher, type Comparison, type RecordMatcher } from './record-matcher.js';
import { ALREADY_RETURNED, type Miss } from './testing.messages.js';

/**
 * Records in the order in which they were logged.
 *
 * @publicApi
 */
export interface CapturedLogs {
  readonly records: readonly CapturedRecord[];
  /** Those of them that are system records. */
  readonly system: readonly CapturedRecord[];
  /** Those of them that are audit records. */
  readonly audit: readonly CapturedRecord[];
  /** @throws TypeError when a pattern holds what no record can hold */
  matching(matcher: RecordMatcher): CapturedRecord[];
}

/** What was recorded, and which of it was handed to somebody who waited for it. */
export class CapturedEntries {
  private entries: CapturedEntry[] = [];
  private readonly taken = new Set<CapturedEntry>();

  add(entry: CapturedEntry): void {
    this.entries.push(entry);
  }

  /** Marks a record as handed out. */
  take(entry: CapturedEntry): void {
    this.taken.add(entry);
  }

  /** The first that matches and that nobody has taken; it is taken then. */
  takeFirst(compare: Comparison): CapturedEntry | undefined {
    const entry = this.entries.find((each) => !this.taken.has(each) && compare(each).length === 0);
    if (entry) this.take(entry);
    return entry;
  }

  clear(): void {
    this.entries = [];
    this.taken.clear();
  }

  /** A list of its own, which does not grow. */
  records(category?: CapturedEntry['category']): CapturedRecord[] {
    return this.recordsThat((entry) => category === undefined || entry.category === category);
  }

  matching(matcher: RecordMatcher): CapturedRecord[] {
    const compare = compileMatcher(matcher);
    return this.recordsThat((entry) => compare(entry).length === 0);
  }

  /** All of them and why each was not it, those that differ in the least first, the newest of these first. */
  misses(compare: Comparison): Miss[] {
    const missOf = (entry: CapturedEntry): Miss => {
      const differences = compare(entry);
      // What does not differ would have been handed out, had it not been before.
      return { record: entry.record, differences: differences.length > 0 ? differences : [ALREADY_RETURNED] };
    };
    return this.entries
      .map(missOf)
      .toReversed()
      .toSorted((a, b) => a.differences.length - b.differences.length);
  }

  private recordsThat(test: (entry: CapturedEntry) => boolean): CapturedRecord[] {
    return this.entries.filter(test).map(({ record }) => record);
  }
}
