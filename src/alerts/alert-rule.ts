import { type ResolvedAlert } from '../options/alert-options.js';
import { type LogRecord } from '../record/log-record.js';
import { compileFilter } from '../wire/filter/compile-filter.js';

/** One alert: when it fires. */
export class AlertRule {
  private readonly passes: (record: LogRecord) => boolean;
  /** When the last records matched, at most as many as it takes. */
  private times: number[] = [];
  private firedAt = Number.NEGATIVE_INFINITY;
  private matches = 0;

  constructor(readonly options: ResolvedAlert) {
    this.passes = compileFilter(options.filter) ?? (() => true);
  }

  /**
   * Looks at a record.
   *
   * @param now milliseconds of a clock that nobody sets
   * @returns how many have matched since it fired before, when it fires now
   */
  look(record: LogRecord, now: number): number | undefined {
    if (!this.passes(record)) return undefined;
    const { count, withinMs, everyMs } = this.options;
    this.matches += 1;
    this.times.push(now);
    if (this.times.length > count) this.times.shift();
    const isMet = this.times.length === count && now - this.times[0]! <= withinMs;
    if (!isMet || now - this.firedAt < everyMs) return undefined;
    const { matches } = this;
    this.firedAt = now;
    this.matches = 0;
    this.times = [];
    return matches;
  }
}
