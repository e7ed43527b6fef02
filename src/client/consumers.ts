import { ItemIterator } from './item-iterator.js';
import { type BufferOptions, type ItemBatch, ItemQueue } from './item-queue.js';
import { type LogStreamItem } from './items.js';
import { type LogStreamError } from './log-stream-error.js';
import { throwLater } from './throw-later.js';

/**
 * Who is called for every item: an Observer, as of RxJS.
 *
 * @publicApi
 */
export interface LogStreamObserver {
  next?(item: LogStreamItem): void;
  /** The client is closed for good, by something that another attempt does not mend. */
  error?(error: LogStreamError): void;
  /** The client was closed by its caller. */
  complete?(): void;
}

/** @publicApi */
export interface LogStreamSubscription {
  readonly closed: boolean;
  unsubscribe(): void;
}

/**
 * Hands items to all who consume them. While nobody does, they are held for the next one who comes: between
 * connecting and the first `for await`, and between one and the next, nothing is lost.
 */
export class Consumers {
  private readonly observers = new Set<LogStreamObserver>();
  private readonly iterators = new Set<ItemIterator>();
  private held: ItemQueue | undefined;
  private end: { readonly error?: LogStreamError } | undefined;
  private full = false;

  constructor(
    private readonly buffer: BufferOptions,
    /** {@link congested} has changed. */
    private readonly changed: () => void,
  ) {
    this.held = new ItemQueue(buffer);
  }

  /** Whether one of them is too far behind. */
  get congested(): boolean {
    return this.full;
  }

  push(batch: ItemBatch): void {
    this.held?.push(batch);
    for (const iterator of this.iterators) {
      iterator.queue.push(batch);
      iterator.wake();
    }
    // Who leaves meanwhile gets no more.
    for (const observer of this.observers) {
      for (const item of batch.items) if (this.observers.has(observer)) notify(() => observer.next?.(item));
    }
    this.look();
  }

  iterate(): ItemIterator {
    const iterator = new ItemIterator(this.takeHeld() ?? new ItemQueue(this.buffer), {
      taken: () => this.look(),
      left: (iterator) => this.left(iterator),
    });
    if (this.end) iterator.finish(this.end.error);
    else this.iterators.add(iterator);
    return iterator;
  }

  observe(observer: LogStreamObserver): LogStreamSubscription {
    const { observers } = this;
    const held = this.takeHeld();
    observers.add(observer);
    for (let item = held?.shift(); item && observers.has(observer); item = held?.shift()) {
      const next = item;
      notify(() => observer.next?.(next));
    }
    this.look();
    if (this.end) this.dismiss(observer, this.end.error);
    return {
      get closed() {
        return !observers.has(observer);
      },
      unsubscribe: () => {
        if (observers.delete(observer)) this.hold(new ItemQueue(this.buffer));
      },
    };
  }

  /** @param error without one, the caller wants no more, also of what is still queued */
  finish(error?: LogStreamError): void {
    this.end = error ? { error } : {};
    if (!error) for (const queue of this.queues) queue.clear();
    for (const iterator of this.iterators) iterator.finish(error);
    this.iterators.clear();
    for (const observer of this.observers) this.dismiss(observer, error);
  }

  private dismiss(observer: LogStreamObserver, error: LogStreamError | undefined): void {
    if (this.observers.delete(observer))
      notify(() => (error ? observer.error?.(error) : observer.complete?.()));
  }

  private left(iterator: ItemIterator): void {
    if (this.iterators.delete(iterator)) this.hold(iterator.queue);
  }

  /** Keeps for the next consumer what the last one has left. */
  private hold(queue: ItemQueue): void {
    if (!this.end && this.iterators.size === 0 && this.observers.size === 0) this.held = queue;
    this.look();
  }

  private takeHeld(): ItemQueue | undefined {
    const { held } = this;
    this.held = undefined;
    return held;
  }

  private get queues(): ItemQueue[] {
    const queues = [...this.iterators].map(({ queue }) => queue);
    return this.held ? [...queues, this.held] : queues;
  }

  private look(): void {
    const before = this.full;
    const { queues } = this;
    this.full = before ? !queues.every(({ low }) => low) : queues.some(({ full }) => full);
    if (this.full !== before) this.changed();
  }
}

/** What is wrong with one of them is no reason to leave out the others. */
function notify(call: () => void): void {
  try {
    call();
  } catch (error) {
    throwLater(error);
  }
}
