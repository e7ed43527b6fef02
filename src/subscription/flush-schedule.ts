export interface FlushTiming {
  /** Milliseconds between two flushes under load. */
  readonly windowMs: number;
  /** Waiting records that cut the window short. */
  readonly records: number;
}

/**
 * Decides when waiting records are flushed: at once after a silence, then once per window, so that one record
 * is not late and a thousand cost few writes.
 *
 * The window's timer is unreferenced: waiting records alone do not keep a process alive. The immediate is not:
 * an event loop without anything else to do does not run an unreferenced one before it is woken up, which was
 * seen to take 6 s.
 */
export class FlushSchedule {
  private immediate: NodeJS.Immediate | undefined;
  private window: NodeJS.Timeout | undefined;
  private waiting = 0;

  constructor(
    private readonly timing: FlushTiming,
    /** @param urgent whether it must not yield to the event loop */
    private readonly flush: (urgent: boolean) => void,
  ) {}

  /**
   * A record arrived.
   *
   * @param urgent the flush cannot even wait for the event loop, which a burst blocks
   */
  arrived(urgent = false): void {
    this.waiting += 1;
    if (urgent) {
      this.run(true);
    } else if (!this.window || this.waiting >= this.timing.records) {
      this.immediate ??= setImmediate(() => this.run());
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

  private run(urgent = false): void {
    this.stop();
    if (this.timing.windowMs > 0)
      this.window = setTimeout(() => this.closeWindow(), this.timing.windowMs).unref();
    this.flush(urgent);
  }

  private closeWindow(): void {
    this.window = undefined;
    if (this.waiting > 0) this.run();
  }
}
