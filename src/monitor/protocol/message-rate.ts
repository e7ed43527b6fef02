import { type ResolvedLimits } from '../../options/resolved-options.js';

/** Counts what one client sends. */
export class MessageRate {
  private windowStart = -Infinity;
  private received = 0;

  constructor(private readonly limit: ResolvedLimits['messages']) {}

  /** @returns false when this message is one too many */
  accepts(now: number = performance.now()): boolean {
    if (now - this.windowStart >= this.limit.windowMs) {
      this.windowStart = now;
      this.received = 0;
    }
    this.received += 1;
    return this.received <= this.limit.count;
  }
}
