import { type ResolvedAlert } from '../options/alert-options.js';
import { type Alert } from '../wire/alert.js';
import { tookTooLong } from './alerts.messages.js';

/** How long the app's function may take, in milliseconds. */
const PATIENCE_MS = 30_000;

/** Firings of one alert that may wait for the calls before them. */
const MOST_WAITING = 16;

/** Hands the firings of one alert to the app's function, one at a time. */
export class AlertDelivery {
  fired = 0;
  failed = 0;
  /** Firings that were not handed on: too many waited, or the app was shut down. */
  dropped = 0;
  private readonly waiting: Alert[] = [];
  private running: Promise<void> | undefined;
  private stopped = false;
  private failing = false;
  private deadline: NodeJS.Timeout | undefined;

  constructor(
    private readonly options: ResolvedAlert,
    /** Told of the first of several failures in a row. */
    private readonly complain: (reason: unknown) => void,
  ) {}

  push(alert: Alert): void {
    this.fired += 1;
    if (this.stopped || this.waiting.length >= MOST_WAITING) {
      this.dropped += 1;
      return;
    }
    this.waiting.push(alert);
    this.running ??= this.run().finally(() => (this.running = undefined));
  }

  /** Waits for what is handed over, at most for so long; what then still waits is dropped. */
  async stop(timeoutMs: number): Promise<void> {
    this.stopped = true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, timeoutMs).unref()));
    await Promise.race([this.running, late]);
    clearTimeout(timer);
    clearTimeout(this.deadline);
    this.dropped += this.waiting.splice(0).length;
  }

  private async run(): Promise<void> {
    // Not in the turn of whoever has pushed.
    await Promise.resolve();
    for (let alert = this.waiting.shift(); alert; alert = this.waiting.shift()) {
      try {
        await this.call(alert);
        this.failing = false;
      } catch (error) {
        this.failed += 1;
        if (!this.failing) this.complain(error);
        this.failing = true;
      }
    }
  }

  private async call(alert: Alert): Promise<void> {
    const late = new Promise<never>((_, reject) => {
      this.deadline = setTimeout(() => reject(new Error(tookTooLong(PATIENCE_MS))), PATIENCE_MS).unref();
    });
    try {
      await Promise.race([this.options.to(alert), late]);
    } finally {
      clearTimeout(this.deadline);
    }
  }
}
