/** Messages of one client that are answered within {@link WINDOW_MS}; one more ends the connection. */
export const MESSAGES_PER_WINDOW = 50;
export const WINDOW_MS = 10_000;

/** Counts what one client sends. */
export class MessageRate {
  private windowStart = -Infinity;
  private received = 0;

  /** @returns false when this message is one too many */
  accepts(now: number = performance.now()): boolean {
    if (now - this.windowStart >= WINDOW_MS) {
      this.windowStart = now;
      this.received = 0;
    }
    this.received += 1;
    return this.received <= MESSAGES_PER_WINDOW;
  }
}
