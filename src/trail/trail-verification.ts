import { existsSync } from 'node:fs';
import { type TrailReport } from './evidence/verify/trail-report.js';
import { type VerifiedThrough } from './store/trail-query.js';
import { type TrailStore } from './store/trail-store.js';
import { type VerifyProgress } from './store/trail-backend.js';

/**
 * What an app may say of a verification.
 *
 * @publicApi
 */
export interface VerifyTrailOptions {
  /**
   * File of checkpoints that were kept elsewhere.
   * @default the file of the option `trail.anchors`, where that is a file and is there
   */
  readonly anchors?: string;
}

/** A verification that came to its end. */
export interface VerifiedTrail {
  readonly report: TrailReport;
  /** Milliseconds since the epoch at which it began: it says nothing of what came later. */
  readonly at: number;
  readonly durationMs: number;
}

interface Run {
  readonly anchors: string | undefined;
  readonly report: Promise<TrailReport>;
}

/** Verifies the trail of a running app, one run at a time, and keeps the last report. */
export class TrailVerification {
  /** The last that ran against the app's own anchors. */
  last: VerifiedTrail | undefined;
  /** How far the one that runs is. */
  progress: VerifyProgress | undefined;
  private running: Run | undefined;
  private readonly closing = new AbortController();

  constructor(private readonly store: TrailStore) {}

  /** What the last one that ran against the app's own anchors has shown. */
  get verifiedThrough(): VerifiedThrough | null {
    if (!this.last) return null;
    const { report, at } = this.last;
    const { verdict, firstBadSeq = Number.POSITIVE_INFINITY, signedThrough } = report;
    // What is signed by nobody whom one knows, proves nothing.
    const through = verdict === 'bad_key' ? 0 : Math.min(signedThrough, firstBadSeq - 1);
    return { through, at: new Date(at).toISOString() };
  }

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  /** @throws TrailError as a rejection */
  async verify({ anchors }: VerifyTrailOptions = {}): Promise<TrailReport> {
    while (this.running && this.running.anchors !== anchors) await this.running.report.catch(() => undefined);
    this.running ??= { anchors, report: this.run(anchors) };
    return this.running.report;
  }

  /** Stops the one that runs. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.running?.report.catch(() => undefined);
  }

  private async run(anchors: string | undefined): Promise<TrailReport> {
    const at = Date.now();
    const started = performance.now();
    try {
      const report = await this.report(anchors);
      if (anchors === undefined) this.last = { report, at, durationMs: performance.now() - started };
      return report;
    } finally {
      this.running = undefined;
      this.progress = undefined;
    }
  }

  private async report(anchors = this.ownAnchors): Promise<TrailReport> {
    const { store } = this;
    // A trail that cannot be signed now, as on a full disk, can be verified all the same.
    await store.checkpoint().catch(() => undefined);
    return store.verify(
      {
        ...(anchors !== undefined && { anchors }),
        // A key that has signed nothing yet would be missed.
        trusted: store.status.checkpoint ? [store.key.verifier] : [],
      },
      { signal: this.closing.signal, onProgress: (progress) => (this.progress = progress) },
    );
  }

  private get ownAnchors(): string | undefined {
    const { anchorFile } = this.store;
    return anchorFile !== undefined && existsSync(anchorFile) ? anchorFile : undefined;
  }
}
