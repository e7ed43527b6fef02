import { type INestApplicationContext } from '@nestjs/common';
import { type AsyncLocalStorage } from 'node:async_hooks';
import { type Subscription } from 'rxjs';
import { type LogRecord } from '../record/log-record.js';
import { LogStream } from '../stream/log-stream.js';
import { CapturedEntries, type CapturedLogs } from './captured-logs.js';
import { type CapturedRecord, RecordPrinter } from './captured-record.js';
import { type WaitOutcome, PendingRecord } from './pending-record.js';
import { compileMatcher, type Comparison, type RecordMatcher } from './record-matcher.js';
import { type Recording, RecordingLogger } from './recording-logger.js';
import { APP_CLOSED, MODULE_MISSING, noneMatched, RECORDER_STOPPED } from './testing.messages.js';

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
 * Records what an app logs, until it is stopped or the app is closed; made by `recordLogs()`.
 *
 * @publicApi
 */
export class LogRecorder implements CapturedLogs, Disposable {
  private readonly entries = new CapturedEntries();
  private readonly pending = new Set<PendingRecord>();
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
    this.subscription = stream.records$.subscribe((record) => this.receive(record));
    // After the rest: of an app that is closed it is at once.
    this.subscription.add(() => this.end(APP_CLOSED));
  }

  /** What was recorded since the start or the last {@link clear}, as it is now: the list does not grow. */
  get records(): readonly CapturedRecord[] {
    return this.entries.records();
  }

  get system(): readonly CapturedRecord[] {
    return this.entries.records('system');
  }

  get audit(): readonly CapturedRecord[] {
    return this.entries.records('audit');
  }

  matching(matcher: RecordMatcher): CapturedRecord[] {
    return this.entries.matching(matcher);
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
    const entry = this.entries.takeFirst(compare);
    const outcome = entry ? { entry } : await this.wait(compare, timeout);
    if ('entry' in outcome) return outcome.entry.record;
    if ('thrown' in outcome) throw outcome.thrown;
    // Made in here, not where the timer ended the wait: its stack leads to the test.
    throw new Error(noneMatched(matcher, outcome.missed, this.entries.misses(compare)));
  }

  /** Forgets what was recorded. Who waits in {@link next} waits on. */
  clear(): void {
    this.entries.clear();
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
    for (const pending of this.pending) pending.miss(why);
  }

  private receive(record: LogRecord): void {
    if (this.block && this.logger.isOfAnother(this.recording)) return;
    const entry = this.printer.entryOf(record);
    this.entries.add(entry);
    for (const pending of this.pending) {
      if (!pending.offer(entry)) continue;
      this.entries.take(entry);
      return;
    }
  }

  private async wait(compare: Comparison, timeoutMs: number): Promise<WaitOutcome> {
    if (this.ended !== undefined) return { missed: this.ended };
    const pending = new PendingRecord(compare, timeoutMs);
    this.pending.add(pending);
    try {
      return await pending.outcome;
    } finally {
      this.pending.delete(pending);
    }
  }
}

function streamOf(app: INestApplicationContext): LogStream {
  try {
    return app.get(LogStream);
  } catch (cause) {
    throw new Error(MODULE_MISSING, { cause });
  }
}
