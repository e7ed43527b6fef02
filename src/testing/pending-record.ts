import { type CapturedEntry } from './captured-record.js';
import { afterRealTime } from './real-time.js';
import { type Comparison } from './record-matcher.js';
import { withinMs } from './testing.messages.js';

/** How a wait ended: with a record, with why there is none, or with what a predicate threw. */
export type WaitOutcome =
  { readonly entry: CapturedEntry } | { readonly missed: string } | { readonly thrown: unknown };

/** A record that a test waits for. */
export class PendingRecord {
  readonly outcome: Promise<WaitOutcome>;
  private resolve!: (outcome: WaitOutcome) => void;
  private readonly stopWaiting: () => void;
  private settled = false;

  constructor(
    private readonly compare: Comparison,
    timeoutMs: number,
  ) {
    this.outcome = new Promise((resolve) => (this.resolve = resolve));
    this.stopWaiting = afterRealTime(timeoutMs, () => this.miss(withinMs(timeoutMs)));
  }

  /** @returns whether this is it */
  offer(entry: CapturedEntry): boolean {
    // Who waited goes on only later, and may be offered more until then.
    if (this.settled) return false;
    try {
      if (this.compare(entry).length > 0) return false;
    } catch (thrown) {
      // A predicate of the test: who logged the record must not get to know.
      this.settle({ thrown });
      return false;
    }
    this.settle({ entry });
    return true;
  }

  /** @param why nothing comes any more */
  miss(why: string): void {
    this.settle({ missed: why });
  }

  private settle(outcome: WaitOutcome): void {
    this.settled = true;
    this.stopWaiting();
    this.resolve(outcome);
  }
}
