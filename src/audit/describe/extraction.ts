import { isThenable } from './read-path.js';
import { textOf } from './text-of.js';

/**
 * A value that the application's code gives now, later, never, or not without an error. Nothing of that gets out:
 * reading it never throws, and {@link pending} never rejects.
 */
export class Extraction<T> {
  private found: T | undefined;
  private failure: string | undefined;
  private isSettled = false;
  /** Settles with the value; `undefined` when it is known already. */
  readonly pending: Promise<void> | undefined;

  constructor(produce: () => T | PromiseLike<T>) {
    try {
      const produced = produce();
      if (isThenable(produced)) this.pending = this.settleWith(produced as PromiseLike<T>);
      else this.found = produced;
    } catch (error) {
      this.failure = textOf(error);
    }
  }

  get value(): T | undefined {
    return this.found;
  }

  get problem(): string | undefined {
    return this.failure;
  }

  /** Stops waiting; a value that comes later is ignored. */
  giveUp(why: string): void {
    if (this.pending && !this.isSettled) this.failure = why;
    this.isSettled = true;
  }

  private async settleWith(produced: PromiseLike<T>): Promise<void> {
    try {
      const value = await produced;
      if (!this.isSettled) this.found = value;
    } catch (error) {
      if (!this.isSettled) this.failure = textOf(error);
    }
    this.isSettled = true;
  }
}
