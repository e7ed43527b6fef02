export interface FlushTiming {
  /** Milliseconds between two flushes under load. */
  readonly windowMs: number;
  /** Waiting records that cut the window short. */
  readonly records: number;
  /** Waiting bytes that do. */
  readonly bytes: number;
}

/** Flushes may take this share of the time before their windows grow, and these grow up to so many times. */
const LOAD = { share: 0.05, windows: 5 } as const;

/**
 * Decides when waiting records are flushed: at once after a silence, then once per window, so that one record
 * is not late and a thousand cost few writes. Where flushes take much of the time, as to many clients, the windows
 * are longer: who watches does not see the difference, the application does.
 *
 * The window's timer is unreferenced: waiting records alone do not keep a process alive. The immediate is not:
 * an event loop without anything else to do does not run an unreferenced one before it is woken up, which was
 * seen to take 6 s.
 */
export class FlushSchedule {
  private immediate: NodeJS.Immediate | undefined;
  private window: NodeJS.Timeout | undefined;
  private readonly waiting = { records: 0, bytes: 0 };

  constructor(
    private readonly timing: FlushTiming,
    /** @param urgent whether it must not yield to the event loop */
    private readonly flush: (urgent: boolean) => void,
    /** Time that flushes have taken up to now, in milliseconds; one may go on after the call of {@link flush}. */
    private readonly taken: () => number,
  ) {}

  /**
   * A record arrived.
   *
   * @param bytes of it, roughly
   * @param urgent the flush cannot even wait for the event loop, which a burst blocks
   */
  arrived(bytes: number, urgent = false): void {
    const { waiting, timing } = this;
    waiting.records += 1;
    waiting.bytes += bytes;
    if (urgent) {
      this.run(true);
    } else if (!this.window || waiting.records >= timing.records || waiting.bytes >= timing.bytes) {
      this.immediate ??= setImmediate(() => this.run());
    }
  }

  /** Drops what is scheduled. */
  stop(): void {
    clearImmediate(this.immediate);
    clearTimeout(this.window);
    this.immediate = undefined;
    this.window = undefined;
    this.waiting.records = 0;
    this.waiting.bytes = 0;
  }

  private run(urgent = false): void {
    this.stop();
    const before = this.taken();
    const { windowMs } = this.timing;
    if (windowMs > 0) this.window = setTimeout(() => this.lengthenWindow(before), windowMs).unref();
    this.flush(urgent);
  }

  /** @param before time taken by the flushes before the one with which the window began */
  private lengthenWindow(before: number): void {
    const { windowMs } = this.timing;
    const wanted = (this.taken() - before) / LOAD.share;
    const more = Math.min(wanted, LOAD.windows * windowMs) - windowMs;
    if (more < 1) this.closeWindow();
    else this.window = setTimeout(() => this.closeWindow(), more).unref();
  }

  private closeWindow(): void {
    this.window = undefined;
    if (this.waiting.records > 0) this.run();
  }
}
