import { type RecordHistory } from '../stream/record-source.js';
import { type RecordPredicate } from './filter/record-predicate.js';
import { Slice } from './slice.js';

/**
 * Finds where the last records that pass a filter begin, in slices: a search through all of a history takes tens of
 * milliseconds, and any client may ask for one.
 */
export class LastMatching {
  private readonly end: number;
  private before: number;
  private found = 0;

  /** @param wanted number of records */
  constructor(
    private readonly history: RecordHistory,
    private passes: RecordPredicate | undefined,
    private readonly wanted: number,
  ) {
    this.end = history.end;
    this.before = this.end;
  }

  /** Goes on with a slice. @returns the position of the first of the records, once it is known */
  next(): number | undefined {
    const { history, passes } = this;
    const slice = new Slice();
    while (this.found < this.wanted && this.before > history.start) {
      if (slice.isOver) return undefined;
      this.before -= 1;
      if (!passes || passes(history.at(this.before)!)) this.found += 1;
      else slice.inVain();
    }
    // What came since is the client's, though the history may have lost it meanwhile.
    return Math.min(Math.max(this.before, history.start), this.end);
  }

  /** Starts anew with another filter. The newest record stays the same: the client has been told where it is. */
  restart(passes: RecordPredicate | undefined): void {
    this.passes = passes;
    this.before = this.end;
    this.found = 0;
  }
}
