import { type DraftEntry } from '../draft-entry.js';
import { Losses, type GapData, type LossReason } from './losses.js';
import { type Spool } from './spool.js';
import { TrailError } from '../trail-error.js';

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;

/** Over its limit the spool still takes the news that something was lost. */
const NEWS_BYTES = 4_096;

/** What the fallback needs of the store. */
export interface FallbackTrail {
  /** Appends whatever the queue holds already. */
  append(draft: DraftEntry): Promise<unknown>;
  /** An entry about losses. @param count absent when it is not known yet */
  gapDraft(gap: Omit<GapData, 'count' | 'to'> & Partial<GapData>): DraftEntry;
  /** False when trying again is no use. */
  readonly mayWork: boolean;
}

/**
 * Where entries go that the trail cannot take now: to the spool, and when that is full, into a count. Both come back
 * to the trail, in order, when it works again.
 */
export class Fallback {
  readonly losses = new Losses();
  private retry: NodeJS.Timeout | undefined;
  private delay = FIRST_RETRY_MS;
  private running: Promise<boolean> | undefined;
  private closed = false;

  constructor(
    private readonly spool: Spool,
    private readonly trail: FallbackTrail,
  ) {}

  /** True when an entry may go straight to the trail: none is ahead of it here. */
  get isEmpty(): boolean {
    return this.spool.isEmpty;
  }

  /** @returns whether the entry is on disk; else it is counted */
  async keep(draft: DraftEntry): Promise<boolean> {
    const kept = await this.spool.add(draft.text);
    if (!kept) this.lose('spool_full');
    this.retryLater();
    return kept;
  }

  lose(reason: LossReason): void {
    const isNews = this.losses.add(reason);
    // The process may die before it can say how many; that there were some must not die with it.
    if (isNews && reason === 'spool_full') {
      void this.spool.add(this.trail.gapDraft({ reason, from: new Date().toISOString() }).text, NEWS_BYTES);
    }
    this.retryLater();
  }

  /**
   * Brings everything to the trail, as far as the trail takes it now. Never rejects.
   *
   * @returns whether it has taken all that was here before the call
   */
  recover(): Promise<boolean> {
    this.running ??= this.bringBack().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  /** The trail has taken something: so it may take this too. */
  trailWorks(): void {
    if (!this.spool.isEmpty || this.losses.arePending) void this.recover();
  }

  /** What the trail did not take stays in the spool for the next start. */
  async close(): Promise<void> {
    await this.recover();
    this.closed = true;
    clearTimeout(this.retry);
    // What the last ones cost is to be told as well.
    await this.spool.settled();
    for (const gap of this.losses.take()) {
      const kept = await this.spool.add(this.trail.gapDraft(gap).text, NEWS_BYTES);
      if (!kept) this.losses.putBack(gap);
    }
    await this.spool.close();
  }

  private async bringBack(): Promise<boolean> {
    if (!this.trail.mayWork) return false;
    try {
      // What is being written meanwhile too: losses are counted behind the news of them.
      do await this.spool.drain((texts) => this.take(texts));
      while (!this.spool.isEmpty);
      await this.tellLosses();
      this.delay = FIRST_RETRY_MS;
      return true;
    } catch {
      // The store knows why, and says so in its status.
      this.retryLater();
      return false;
    }
  }

  private async take(texts: readonly string[]): Promise<void> {
    const results = await Promise.allSettled(texts.map((text) => this.handOver(text)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  private async handOver(text: string): Promise<void> {
    const id = idOf(text);
    if (id === undefined) return this.lose('spool_damaged');
    try {
      await this.trail.append({ id, text });
    } catch (error) {
      if (!(error instanceof TrailError) || error.code !== 'invalid_entry') throw error;
      this.lose('invalid_entry');
    }
  }

  private async tellLosses(): Promise<void> {
    for (const gap of this.losses.take()) {
      try {
        await this.trail.append(this.trail.gapDraft(gap));
      } catch (error) {
        this.losses.putBack(gap);
        throw error;
      }
    }
  }

  private retryLater(): void {
    if (this.retry || this.closed || !this.trail.mayWork) return;
    this.retry = setTimeout(() => {
      this.retry = undefined;
      void this.recover();
    }, this.delay).unref();
    this.delay = Math.min(2 * this.delay, LONGEST_RETRY_MS);
  }
}

function idOf(text: string): string | undefined {
  try {
    const { data } = JSON.parse(text) as { data?: { id?: unknown } };
    return typeof data?.id === 'string' ? data.id : undefined;
  } catch {
    return undefined;
  }
}
