export interface FlushTiming {
  /** Milliseconds between two flushes under load. */
  readonly windowMs: number;
  /** Waiting records that cut the window short. */
  readonly records: number;
  /** Waiting records at which the flush cannot even wait for the event loop. */
  readonly urgent: number;
}

/**
 * Decides when waiting records are flushed: at once after a silence, then once per window, so that one record
 * is not late and a thousand cost few writes.
 *
 * Timers and immediates are unreferenced: waiting records alone do not keep a process alive.
 */
export class FlushSchedule {
  private immediate: NodeJS.Immediate | undefined;
  private window: NodeJS.Timeout | undefined;
  private waiting = 0;

  constructor(
    private readonly flush: () => void,
    private readonly timing: FlushTiming,
  ) {}

  /** A record arrived. */
  arrived(): void {
    this.waiting += 1;
    if (this.waiting >= this.timing.urgent) {
      // A burst blocks the event loop: waiting longer would push records out of the history unread.
      this.run();
    } else if (!this.window || this.waiting >= this.timing.records) {
      this.immediate ??= setImmediate(() => this.run()).unref();
    }
  }

  /** Drops what is scheduled. */
  stop(): void {
    clearImmediate(this.immediate);
    clearTimeout(this.window);
    this.immediate = undefined;
    this.window = undefined;
    this.waiting = 0;
  }

  private run(): void {
    this.stop();
    if (this.timing.windowMs > 0)
      this.window = setTimeout(() => this.closeWindow(), this.timing.windowMs).unref();
    this.flush();
  }

  private closeWindow(): void {
    this.window = undefined;
    if (this.waiting > 0) this.run();
  }
}
