import { type ItemQueue } from './item-queue.js';
import { type LogStreamItem } from './items.js';

type Result = IteratorResult<LogStreamItem, undefined>;

const DONE: Result = { done: true, value: undefined };

interface Waiting {
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** What an iterator tells of itself. */
export interface IteratorOwner {
  /** An item was taken. */
  taken(): void;
  left(iterator: ItemIterator): void;
}

/** One `for await` over a client. */
export class ItemIterator implements AsyncIterableIterator<LogStreamItem, undefined> {
  private waiting: Waiting[] = [];
  private end: { readonly error?: unknown } | undefined;

  constructor(
    readonly queue: ItemQueue,
    private readonly owner: IteratorOwner,
  ) {}

  next(): Promise<Result> {
    const item = this.queue.shift();
    if (item) {
      this.owner.taken();
      return Promise.resolve({ done: false, value: item });
    }
    if (this.end) return this.finished(this.end);
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
    });
  }

  return(): Promise<Result> {
    this.owner.left(this);
    this.finish();
    return Promise.resolve(DONE);
  }

  /** `yield*` hands on what is thrown into a generator: without this it would throw a `TypeError` in its place. */
  async throw(error?: unknown): Promise<Result> {
    await this.return();
    throw error;
  }

  /** The queue has more. */
  wake(): void {
    while (this.waiting.length > 0) {
      const value = this.queue.shift();
      if (!value) return;
      this.waiting.shift()!.resolve({ done: false, value });
    }
  }

  /** Nothing comes any more; what is in the queue can still be taken. */
  finish(error?: unknown): void {
    this.end ??= error === undefined ? {} : { error };
    const [first, ...others] = this.waiting;
    this.waiting = [];
    if (first) void this.finished(this.end).then(first.resolve, first.reject);
    for (const { resolve } of others) resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** An error is thrown once. */
  private finished({ error }: { readonly error?: unknown }): Promise<Result> {
    this.end = {};
    return error === undefined ? Promise.resolve(DONE) : Promise.reject(error as Error);
  }
}
