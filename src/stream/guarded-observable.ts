import { Observable, Subscriber, type Observer, type Operator, type Subscription } from 'rxjs';

/** Told about an observer that threw. */
export type ObserverFailure = (error: unknown) => void;

/**
 * An observable whose observers cannot hurt each other, the publisher or the process.
 *
 * RxJS reports what an observer throws in a timer of its own, where it ends the process. A log line must not do
 * that, so the callbacks handed to `subscribe` are guarded here, also behind a `pipe`; an error that reaches the
 * end of a pipe without an error callback is caught as well.
 */
export class GuardedObservable<T> extends Observable<T> {
  constructor(
    private readonly failed: ObserverFailure,
    subscribe?: (subscriber: Subscriber<T>) => (() => void) | void,
  ) {
    super(subscribe);
  }

  /** @internal what `pipe` calls: the result stays guarded */
  override lift<R>(operator?: Operator<T, R>): Observable<R> {
    const lifted = new GuardedObservable<R>(this.failed);
    lifted.source = this;
    lifted.operator = operator;
    return lifted;
  }

  override subscribe(observerOrNext?: Partial<Observer<T>> | ((value: T) => void)): Subscription;
  /** @deprecated as in RxJS: pass an observer */
  override subscribe(
    next?: ((value: T) => void) | null,
    error?: ((error: unknown) => void) | null,
    complete?: (() => void) | null,
  ): Subscription;
  override subscribe(
    observerOrNext?: Partial<Observer<T>> | ((value: T) => void) | null,
    error?: ((error: unknown) => void) | null,
    complete?: (() => void) | null,
  ): Subscription {
    // Operators subscribe with a subscriber of their own, which forwards errors down the pipe.
    if (observerOrNext instanceof Subscriber) return super.subscribe(observerOrNext);
    const observer =
      typeof observerOrNext === 'object' && observerOrNext !== null
        ? observerOrNext
        : { next: observerOrNext ?? undefined, error: error ?? undefined, complete: complete ?? undefined };
    return super.subscribe({
      next: (value) => this.guard(() => observer.next?.(value)),
      error: (reason: unknown) =>
        observer.error ? this.guard(() => observer.error?.(reason)) : this.failed(reason),
      complete: () => this.guard(() => observer.complete?.()),
    });
  }

  private guard(call: () => unknown): void {
    try {
      const result = call();
      // An asynchronous observer: nobody else would see its rejection.
      if (result instanceof Promise) result.catch((error: unknown) => this.failed(error));
    } catch (error) {
      this.failed(error);
    }
  }
}
