import { AsyncLocalStorage } from 'node:async_hooks';
import { Subject, type Observable } from 'rxjs';
import { type LogRecord } from '../record/log-record.js';
import { GuardedObservable, type ObserverFailure } from './guarded-observable.js';

/** Reads the record of a position that was just given out. */
export type ReadRecord = (seq: number) => LogRecord;

/** A record on its way to the observers: built when one of them looks at it. */
export class Emission {
  private built: LogRecord | undefined;

  constructor(
    readonly seq: number,
    /** Observers whose own handling led to this record: handing it to them would never end. */
    readonly echoOf: ReadonlySet<object>,
    private readonly read: ReadRecord,
  ) {}

  get record(): LogRecord {
    return (this.built ??= this.read(this.seq));
  }
}

const NOBODY: ReadonlySet<object> = new Set();

/** Hands a record to an observer, whose handling leads to the echo. */
type Run = (echo: ReadonlySet<object>, handle: (emission: Emission) => void, emission: Emission) => void;

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
  readonly own$: Observable<Emission>;
  private readonly subject = new Subject<Emission>();
  private readonly waiting: Emission[] = [];
  /** Who is handling a record right now, by whose handling. */
  private current: ReadonlySet<object> | undefined;
  /** Who led to what is logged later; it goes with the asynchronous context. */
  private readonly led = new AsyncLocalStorage<ReadonlySet<object>>();
  private emitting = false;
  /** Observers of {@link records$}. */
  private readonly readers = new Set<object>();

  constructor(
    private readonly read: ReadRecord,
    private readonly failed: ObserverFailure,
  ) {
    this.records$ = this.observable(
      ({ record }) => record,
      (echo, handle, emission) => this.led.run(echo, handle, emission),
      this.readers,
    );
    this.own$ = this.observable(
      (emission) => emission,
      (_echo, handle, emission) => handle(emission),
    );
  }

  get observed(): boolean {
    return this.subject.observed;
  }

  /** @param seq position of a record that is in the history */
  emit(seq: number): void {
    if (!this.subject.observed) return;
    const emission = new Emission(seq, this.echo(), this.read);
    // It is given as it was logged, in the call; and one that has to wait may be evicted meanwhile.
    if (this.readers.size > 0 || this.emitting) void emission.record;
    this.waiting.push(emission);
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

  private observable<T>(view: (emission: Emission) => T, run: Run, among?: Set<object>): Observable<T> {
    return new GuardedObservable<T>(this.failed, (subscriber) => {
      const observer = {};
      among?.add(observer);
      // Nearly every record is nobody's echo: no set and no function is made for each of them.
      const alone: ReadonlySet<object> = new Set([observer]);
      const handle = (emission: Emission): void => subscriber.next(view(emission));
      const subscription = this.subject.subscribe({
        next: (emission) => {
          const { echoOf } = emission;
          if (echoOf.has(observer)) return;
          const echo = echoOf === NOBODY ? alone : new Set([...echoOf, observer]);
          this.current = echo;
          try {
            run(echo, handle, emission);
          } catch (error) {
            this.failed(error);
          }
          this.current = undefined;
        },
        complete: () => this.guard(() => subscriber.complete()),
      });
      return () => {
        among?.delete(observer);
        subscription.unsubscribe();
      };
    });
  }

  private echo(): ReadonlySet<object> {
    return this.current ?? this.led.getStore() ?? NOBODY;
  }
}
