import { type ResolvedLimits } from '../options/resolved-options.js';

interface Window {
  readonly start: number;
  readings: number;
}

/**
 * Counts how often each reads the trail: every reading is stored in it, so that a loop of them would make it grow without
 * end.
 */
export class ReadingRate {
  private readonly windows = new Map<string, Window>();
  private sweptAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly limit: ResolvedLimits['readings']) {}

  /** @returns 0 when this one may read now, else in how many milliseconds */
  waitOf(reader: string, now: number = performance.now()): number {
    const { count, windowMs } = this.limit;
    this.sweep(now);
    const known = this.windows.get(reader);
    if (!known || now - known.start >= windowMs) {
      this.windows.set(reader, { start: now, readings: 1 });
      return 0;
    }
    if (known.readings >= count) return windowMs - (now - known.start);
    known.readings += 1;
    return 0;
  }

  /** Readers that do not come back are forgotten, at the price of one look at all of them a window. */
  private sweep(now: number): void {
    const { windowMs } = this.limit;
    if (now - this.sweptAt < windowMs) return;
    this.sweptAt = now;
    for (const [reader, { start }] of this.windows) if (now - start >= windowMs) this.windows.delete(reader);
  }
}
