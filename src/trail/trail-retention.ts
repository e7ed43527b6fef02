import { type ResolvedTrailOptions } from '../options/trail-options.js';
import { type TrailStore } from './store/trail-store.js';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** How often it is looked for what may be deleted. */
const EVERY_MS = 60 * 60 * 1_000;

/** Deletes what is older, or more, than the option `trail.retention` lets stay: at the start and then every hour. */
export class TrailRetention {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: TrailStore,
    private readonly options: ResolvedTrailOptions['retention'],
    private readonly failed: (error: unknown) => void,
  ) {}

  start(): void {
    const { days, bytes } = this.options;
    if (days === undefined && bytes === undefined) return;
    this.timer = setInterval(() => this.prune(), EVERY_MS).unref();
    this.prune();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private prune(): void {
    const { days, bytes: keepBytes } = this.options;
    const olderThan = days === undefined ? undefined : Date.now() - days * DAY_MS;
    this.store.prune({ olderThan, keepBytes }).catch((error: unknown) => {
      if (this.store.status.state !== 'closed') this.failed(error);
    });
  }
}
