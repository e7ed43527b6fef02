import { type INestApplicationContext } from '@nestjs/common';
import { type AsyncLocalStorage } from 'node:async_hooks';
// Bound when this file is loaded: with the fake timers of a test a wait would never end.
import { clearTimeout, setTimeout } from 'node:timers';
import { type Subscription } from 'rxjs';
import { type LogRecord } from '../record/log-record.js';
import { LogStream } from '../stream/log-stream.js';
import { type CapturedEntry, type CapturedRecord, RecordPrinter } from './captured-record.js';
import { compileMatcher, type Comparison, type RecordMatcher } from './record-matcher.js';
import { type Recording, RecordingLogger } from './recording-logger.js';
import {
  ALREADY_RETURNED,
  APP_CLOSED,
  type Miss,
  MODULE_MISSING,
  noneMatched,
  RECORDER_STOPPED,
  withinMs,
} from './testing.messages.js';

/** @publicApi */
export interface CaptureOptions {
  /**
   * Fields left out of the records, as what differs from run to run; a dot leads into an object:
   * `['timestamp', 'line', 'error.stack']`.
   * @default []
   */
  readonly omit?: readonly string[];
}

/** @publicApi */
export interface NextOptions {
  /**
   * How long to wait, in milliseconds.
   * @default 1_000
   */
  readonly timeout?: number;
}

/**
 * Records in the order in which they were logged.
 *
 * @publicApi
 */
export interface CapturedLogs {
  readonly records: readonly CapturedRecord[];
  /** Those of them that are system records. */
  readonly system: readonly CapturedRecord[];
  /** Those of them that are audit records. */
  readonly audit: readonly CapturedRecord[];
  /** @throws TypeError when a pattern holds what no record can hold */
  matching(matcher: RecordMatcher): CapturedRecord[];
}

/** How a wait ended: with a record, or with why there is none. */
type Outcome = { readonly entry: CapturedEntry } | { readonly missed: string } | { readonly thrown: unknown };

interface Waiter {
  /** @returns whether it took the record */
  offer(entry: CapturedEntry): boolean;
  settle(outcome: Outcome): void;
}

/**
 * Records what an app logs, until it is stopped or the app is closed; made by `recordLogs()`.
 *
 * @publicApi
 */
export class LogRecorder implements CapturedLogs, Disposable {
  private entries: CapturedEntry[] = [];
  private readonly returned = new Set<CapturedEntry>();
  private readonly waiters = new Set<Waiter>();
  private readonly printer: RecordPrinter;
  private readonly logger: RecordingLogger;
  private readonly recording: Recording;
  private readonly subscription: Subscription;
  /** Why nothing comes any more. */
  private ended: string | undefined;

  /** @internal */
  constructor(
    app: INestApplicationContext,
    { omit }: CaptureOptions = {},
    private readonly block?: AsyncLocalStorage<true>,
  ) {
    const stream = streamOf(app);
    this.printer = new RecordPrinter(omit);
    this.logger = RecordingLogger.install();
    this.recording = this.logger.add(app, block);
    this.subscription = stream.records$.subscribe((record) => this.take(record));
    // After the rest: of an app that is closed it is at once.
    this.subscription.add(() => this.end(APP_CLOSED));
  }

  /** What was recorded since the start or the last {@link clear}, as it is now: the list does not grow. */
  get records(): readonly CapturedRecord[] {
    return this.entries.map(({ record }) => record);
  }

  get system(): readonly CapturedRecord[] {
    return this.ofCategory('system');
  }

  get audit(): readonly CapturedRecord[] {
    return this.ofCategory('audit');
  }

  matching(matcher: RecordMatcher): CapturedRecord[] {
    const compare = compileMatcher(matcher);
    return this.entries.filter((entry) => compare(entry).length === 0).map(({ record }) => record);
  }

  /**
   * The first record that matches and that no `next()` returned before, as soon as it is there: one that was already
   * recorded, or one that comes.
   *
   * @throws Error that shows what was recorded instead, the nearest first, when the time is up, the recorder is
   * stopped or the app is closed
   * @throws TypeError when a pattern holds what no record can hold
   */
  async next(matcher: RecordMatcher, { timeout = 1_000 }: NextOptions = {}): Promise<CapturedRecord> {
    const compare = compileMatcher(matcher);
    const outcome = this.find(compare) ?? (await this.wait(compare, timeout));
    if ('entry' in outcome) return outcome.entry.record;
    if ('thrown' in outcome) throw outcome.thrown;
    // Made in here, not where the timer ended the wait: its stack leads to the test.
    throw new Error(noneMatched(matcher, outcome.missed, this.missesOf(compare)));
  }

  /** Forgets what was recorded. Who waits in {@link next} waits on. */
  clear(): void {
    this.entries = [];
    this.returned.clear();
  }

  /** Ends the recording; what was recorded stays. Again, it does nothing. */
  stop(): void {
    this.end(RECORDER_STOPPED);
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  private end(why: string): void {
    if (this.ended !== undefined) return;
    this.ended = why;
    this.subscription.unsubscribe();
    this.logger.remove(this.recording);
    for (const waiter of this.waiters) waiter.settle({ missed: why });
  }

  private take(record: LogRecord): void {
    if (this.block && this.logger.isOfAnother(this.recording)) return;
    const entry = this.printer.entryOf(record);
    this.entries.push(entry);
    for (const waiter of this.waiters) if (waiter.offer(entry)) return;
  }

  private find(compare: Comparison): Outcome | undefined {
    const entry = this.entries.find((each) => !this.returned.has(each) && compare(each).length === 0);
    if (entry) this.returned.add(entry);
    else if (this.ended !== undefined) return { missed: this.ended };
    return entry && { entry };
  }

  private wait(compare: Comparison, timeoutMs: number): Promise<Outcome> {
    return new Promise((resolve) => {
      const settle = (outcome: Outcome): void => {
        clearTimeout(timer);
        this.waiters.delete(waiter);
        resolve(outcome);
      };
      const offer = (entry: CapturedEntry): boolean => {
        try {
          if (compare(entry).length > 0) return false;
        } catch (thrown) {
          // A predicate of the test: who logged the record must not get to know.
          settle({ thrown });
          return false;
        }
        this.returned.add(entry);
        settle({ entry });
        return true;
      };
      const waiter: Waiter = { offer, settle };
      const timer = setTimeout(settle, timeoutMs, { missed: withinMs(timeoutMs) });
      this.waiters.add(waiter);
    });
  }

  private missesOf(compare: Comparison): Miss[] {
    const missOf = (entry: CapturedEntry): Miss => {
      const differences = compare(entry);
      // What does not differ would have been returned, had it not been before.
      return { record: entry.record, differences: differences.length > 0 ? differences : [ALREADY_RETURNED] };
    };
    return this.entries
      .map(missOf)
      .toReversed()
      .toSorted((a, b) => a.differences.length - b.differences.length);
  }

  private ofCategory(wanted: CapturedEntry['category']): readonly CapturedRecord[] {
    return this.entries.filter(({ category }) => category === wanted).map(({ record }) => record);
  }
}

function streamOf(app: INestApplicationContext): LogStream {
  try {
    return app.get(LogStream);
  } catch (cause) {
    throw new Error(MODULE_MISSING, { cause });
  }
}
