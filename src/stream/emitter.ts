import { Subject, type Observable } from 'rxjs';
import { type LogRecord } from '../record/log-record.js';
import { GuardedObservable, type ObserverFailure } from './guarded-observable.js';

/** A record on its way to the observers. */
interface Emission {
  readonly record: LogRecord;
  /** Observers whose own handling led to this record: handing it to them would never end. */
  readonly echoOf: ReadonlySet<object>;
}

const NOBODY: ReadonlySet<object> = new Set();

/**
 * The one Subject behind `LogStream.records$`.
 *
 * An observer may log while it handles a record. What it logs reaches all others, after the record that they
 * are being handed, but not the observer itself.
 */
export class Emitter {
  readonly records$: Observable<LogRecord>;
  private readonly subject = new Subject<Emission>();
  private readonly waiting: Emission[] = [];
  private current: { readonly observer: object; readonly echoOf: ReadonlySet<object> } | undefined;
  private emitting = false;

  constructor(private readonly failed: ObserverFailure) {
    this.records$ = new GuardedObservable<LogRecord>(failed, (subscriber) => {
      const observer = {};
      const subscription = this.subject.subscribe({
        next: ({ record, echoOf }) => {
          if (echoOf.has(observer)) return;
          this.current = { observer, echoOf };
          this.guard(() => subscriber.next(record));
          this.current = undefined;
        },
        complete: () => this.guard(() => subscriber.complete()),
      });
      return () => subscription.unsubscribe();
    });
  }

  get observed(): boolean {
    return this.subject.observed;
  }

  emit(record: LogRecord): void {
    if (!this.subject.observed) return;
    this.waiting.push({ record, echoOf: this.echo() });
    // Logged inside of an observer: emitted when all have got the record that is on its way.
    if (this.emitting) return;
    this.emitting = true;
    try {
      for (let next = this.waiting.shift(); next; next = this.waiting.shift()) this.subject.next(next);
    } finally {
      this.emitting = false;
    }
  }

  complete(): void {
    this.subject.complete();
  }

  /** The teardown of an observer that ends itself, as a `take(1)`, runs here, and may throw. */
  private guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.failed(error);
    }
  }

  private echo(): ReadonlySet<object> {
    return this.current ? new Set([...this.current.echoOf, this.current.observer]) : NOBODY;
  }
}
