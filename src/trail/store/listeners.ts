import { listenerThrew } from './store.messages.js';

/** Functions that get what happens. One that throws or rejects hurts nobody; the first time is told. */
export class Listeners<T> {
  private readonly all = new Set<(value: T) => unknown>();
  private warned = false;

  /** @returns takes it away again */
  add(listener: (value: T) => unknown): () => void {
    // Not the function itself: the same one may be added twice.
    const own = (value: T): unknown => listener(value);
    this.all.add(own);
    return () => void this.all.delete(own);
  }

  tell(value: T): void {
    for (const listener of this.all) {
      void new Promise((resolve) => resolve(listener(value))).catch((error: unknown) => this.warn(error));
    }
  }

  private warn(error: unknown): void {
    if (this.warned) return;
    this.warned = true;
    process.emitWarning(listenerThrew(error), 'LogStreamWarning');
  }
}
