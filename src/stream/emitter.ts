import { AsyncLocalStorage } from 'node:async_hooks';
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

/** Hands a record to an observer, whose handling leads to the echo. */
type Run = (echo: ReadonlySet<object>, handle: (record: LogRecord) => void, record: LogRecord) => void;

/**
 * The one Subject behind `LogStream.records$`.
 *
 * An observer may log while it handles a record. What it logs reaches all others, after the record that they
 * are being handed, but not the observer itself.
 */
export class Emitter {
  /** Follows an observer's handling past an `await` and into the timers that it starts. */
  readonly records$: Observable<LogRecord>;
  /**
   * For this package's own observers, whose handling ends when they return. What they schedule serves everybody:
   * a record that is logged by then, as by the close of a socket, is no echo of theirs, and has to reach them.
   */
  readonly own$: Observable<LogRecord>;
  private readonly subject = new Subject<Emission>();
  private readonly waiting: Emission[] = [];
  /** Who is handling a record right now, by whose handling. */
  private current: ReadonlySet<object> | undefined;
  /** Who led to what is logged later; it goes with the asynchronous context. */
  private readonly led = new AsyncLocalStorage<ReadonlySet<object>>();
  private emitting = false;

  constructor(private readonly failed: ObserverFailure) {
    this.records$ = this.observable((echo, handle, record) => this.led.run(echo, handle, record));
    this.own$ = this.observable((_echo, handle, record) => handle(record));
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

  private observable(run: Run): Observable<LogRecord> {
    return new GuardedObservable<LogRecord>(this.failed, (subscriber) => {
      const observer = {};
      // Nearly every record is nobody's echo: no set and no function is made for each of them.
      const alone: ReadonlySet<object> = new Set([observer]);
      const handle = (record: LogRecord): void => subscriber.next(record);
      const subscription = this.subject.subscribe({
        next: ({ record, echoOf }) => {
          if (echoOf.has(observer)) return;
          const echo = echoOf === NOBODY ? alone : new Set([...echoOf, observer]);
          this.current = echo;
          try {
            run(echo, handle, record);
          } catch (error) {
            this.failed(error);
          }
          this.current = undefined;
        },
        complete: () => this.guard(() => subscriber.complete()),
      });
      return () => subscription.unsubscribe();
    });
  }

  private echo(): ReadonlySet<object> {
    return this.current ?? this.led.getStore() ?? NOBODY;
  }
}
