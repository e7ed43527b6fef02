import { type AppendedBatch } from './appended-batch.js';
import { type TrailReceipt } from '../../record/kept-entry.js';
import { TrailError, TrailQueueFull } from './trail-error.js';
import { queueFull } from './store.messages.js';
import { type DraftEntry } from './draft-entry.js';

/** More would hold up those behind it for longer than a commit saves. */
const BATCH_ENTRIES = 1_000;
const BATCH_CHARACTERS = 4 * 1024 * 1024;

const HASH_BYTES = 32;

interface Waiting {
  readonly draft: DraftEntry;
  readonly resolve: (receipt: TrailReceipt) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit without a timer: while one batch is being committed, what comes waits; the next batch is all of it,
 * within bounds. Alone, an entry is on its way at the end of the current microtask; under load, many share a commit.
 */
export class AppendQueue {
  private waiting: Waiting[] = [];
  private sending = 0;
  private scheduled = false;
  private settledCount = 0;
  private readonly settlers: { readonly count: number; readonly resolve: () => void }[] = [];

  /**
   * @param send commits a batch, a JSON array of drafts
   * @param limit entries that may wait, those being committed included
   */
  constructor(
    private readonly send: (batch: string) => Promise<AppendedBatch>,
    private readonly limit: number,
  ) {}

  /** Entries that wait, those being committed included. */
  get size(): number {
    return this.waiting.length + this.sending;
  }

  get isFull(): boolean {
    return this.size >= this.limit;
  }

  /**
   * Resolves after the commit.
   *
   * @param beyond the limit does not count: for what the caller has bounded itself
   * @throws {TrailQueueFull} as a rejection
   */
  append(draft: DraftEntry, beyond = false): Promise<TrailReceipt> {
    if (this.isFull && !beyond) return Promise.reject(new TrailQueueFull(queueFull(this.limit)));
    return new Promise((resolve, reject) => {
      this.waiting.push({ draft, resolve, reject });
      this.schedule();
    });
  }

  /** Resolves when everything appended before was committed or has failed, and its promises have been heard. */
  settled(): Promise<void> {
    if (this.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.settlers.push({ count: this.settledCount + this.size, resolve }));
  }

  /** At the end of the microtasks: what one turn of the event loop appends is one batch. */
  private schedule(): void {
    if (this.scheduled || this.sending > 0) return;
    this.scheduled = true;
    queueMicrotask(() => {
      this.scheduled = false;
      void this.sendNext();
    });
  }

  private async sendNext(): Promise<void> {
    const batch = this.takeBatch();
    this.sending = batch.length;
    try {
      const answer = await this.send(`[${batch.map(({ draft }) => draft.text).join(',')}]`);
      settle(batch, answer);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    this.sending = 0;
    this.settledCount += batch.length;
    this.releaseSettlers();
    if (this.waiting.length > 0) this.schedule();
  }

  private takeBatch(): Waiting[] {
    let characters = 0;
    const tooLong = this.waiting.findIndex(({ draft }, index) => {
      characters += draft.text.length;
      return index > 0 && (index >= BATCH_ENTRIES || characters > BATCH_CHARACTERS);
    });
    const batch = tooLong < 0 ? this.waiting : this.waiting.slice(0, tooLong);
    this.waiting = tooLong < 0 ? [] : this.waiting.slice(tooLong);
    return batch;
  }

  private releaseSettlers(): void {
    if (this.settlers.length === 0) return;
    // A turn later: then those who wait for the entries themselves have heard of them.
    setImmediate((count: number) => this.release(count), this.settledCount);
  }

  private release(count: number): void {
    while (this.settlers.length > 0 && this.settlers[0]!.count <= count) {
      this.settlers.shift()!.resolve();
    }
  }
}

function settle(batch: readonly Waiting[], { seqs, chains, refused }: AppendedBatch): void {
  const hashes = Buffer.from(chains.buffer, chains.byteOffset, chains.byteLength);
  for (const { index, code, message } of refused) batch[index]!.reject(new TrailError(code, message));
  for (const [index, { draft, resolve }] of batch.entries()) {
    const hash = hashes.toString('hex', index * HASH_BYTES, (index + 1) * HASH_BYTES);
    // A refused one is settled already: this resolves nothing.
    resolve({ id: draft.id, seq: seqs[index]!, hash });
  }
}
