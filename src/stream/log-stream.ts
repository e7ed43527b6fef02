import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type Observable, type Subscription } from 'rxjs';
import { type StoryMark } from '../story/story-mark.js';
import { type CallerLocation } from '../record/log-call.js';
import { LOG_STREAM_OPTIONS, type ResolvedLogStreamOptions } from '../options/resolved-options.js';
import { LEVEL_OF_NEST } from '../record/level.js';
import { type LogLevel } from '../wire/level.js';
import { type KeptEntry } from '../record/kept-entry.js';
import { type LogRecord, type StreamRecord } from '../record/log-record.js';
import { RecordBuilder } from '../record/record-builder.js';
import { type RecordInput } from '../record/record-input.js';
import { type AuditKeeper } from './audit-keeper.js';
import { Cursors } from './cursor.js';
import { Emitter } from './emitter.js';
import { History } from './history.js';
import { type ProducedListener, type RecordSource } from './record-source.js';
import { type LineParts } from './ring/line-codec.js';
import { observerThrew } from './stream.messages.js';

/**
 * What is kept with `history: false` while somebody watches: the records of a few flushes, so that a watcher
 * that is briefly busy misses nothing.
 */
const TRANSIT = { records: 4_096, bytes: 4 * 1024 * 1024 };

/**
 * The hub of an application's records.
 *
 * @publicApi
 */
@Injectable()
export class LogStream implements RecordSource, OnApplicationShutdown {
  /** The recent records. With the option `history: false` it holds only what is on its way to watchers. */
  readonly history: History;
  /** Names positions in this stream to clients. */
  readonly cursors = new Cursors();
  private readonly emitter = new Emitter(
    (seq) => this.history.at(seq)!,
    (error) => this.observerFailed(error),
  );
  /** False with the option `history: false`: nothing is there to be replayed. */
  readonly keeps: boolean;
  private readonly counts: Record<LogLevel, number> = {
    DEBUG: 0,
    INFO: 0,
    WARNING: 0,
    ERROR: 0,
    CRITICAL: 0,
  };
  private readonly listeners = new Set<Subscription>();
  private failed = 0;
  /** @internal whether somebody watches in a format that has a caller in each line */
  callerExpected = false;
  private completed = false;
  private auditKeeper: AuditKeeper | undefined;

  constructor(
    @Inject(LOG_STREAM_OPTIONS) options: ResolvedLogStreamOptions,
    @Inject(RecordBuilder) private readonly builder: RecordBuilder,
  ) {
    this.keeps = options.history !== false;
    this.history = new History(options.history || TRANSIT, (line, seq, isHarmless) =>
      builder.complete(line, seq, isHarmless),
    );
  }

  /**
   * Every record as it is logged, synchronously, starting with the next one; completes when the application
   * shuts down. An observer that throws hurts nobody and stays subscribed; an observer that logs gets all
   * records but those that its own handling led to, at once or after an `await`.
   */
  get records$(): Observable<LogRecord> {
    return this.emitter.records$;
  }

  /** @internal wakes up who reads {@link history}: this package's own, who do nothing asynchronous that could log */
  onProduced(listener: ProducedListener): () => void {
    const subscription = this.emitter.own$.subscribe(({ seq }) => listener(seq));
    this.listeners.add(subscription);
    return () => {
      if (!this.listeners.delete(subscription)) return;
      subscription.unsubscribe();
      if (!this.keeps && this.listeners.size === 0) this.history.clear();
    };
  }

  /** True while somebody observes {@link records$}; every watcher of the monitor counts. */
  get observed(): boolean {
    return this.emitter.observed;
  }

  /** True when a record would be kept or seen by somebody. */
  get wanted(): boolean {
    return !this.completed && (this.keeps || this.emitter.observed || this.auditKeeper !== undefined);
  }

  /** @internal who keeps the audit records for longer than the history does, if anybody */
  get keeper(): AuditKeeper | undefined {
    return this.auditKeeper;
  }

  /** @internal Hands every audit record from now on to a keeper. */
  keepAudit(keeper: AuditKeeper): void {
    this.auditKeeper = keeper;
  }

  /** Records produced since the start, by level. */
  get produced(): Readonly<Record<LogLevel, number>> {
    return this.counts;
  }

  /** How often an observer threw. */
  get observerFailures(): number {
    return this.failed;
  }

  /**
   * Publishes a record that no logger logged, as one forwarded from elsewhere. It is categorized, made plain
   * and bounded like any other.
   *
   * @returns the record as it was published, or `undefined` after shutdown
   */
  publish(record: RecordInput): LogRecord | undefined {
    if (this.completed) return undefined;
    const built = this.builder.buildFrom(record);
    this.append(built);
    return built;
  }

  /**
   * @internal Publishes a record that was just built: gives it its position.
   *
   * @returns what becomes of an audit record, where somebody keeps them
   */
  append(record: StreamRecord): Promise<KeptEntry> | undefined {
    if (this.completed) return undefined;
    record.seq = this.history.end;
    this.history.push(record, this.emitter.observed);
    this.counts[record.level] += 1;
    // Before any observer: what they do must not come between a record and its keeping.
    const kept = record.category === 'audit' ? this.auditKeeper?.keep(record) : undefined;
    this.emitter.emit(record.seq);
    return kept;
  }

  /**
   * @internal Publishes a line that becomes a record when somebody looks at it: in this call where {@link records$} has
   * an observer.
   *
   * @returns false when it has to become one at once; then nothing was published
   */
  appendLine(
    line: LineParts,
    fields: Readonly<Record<string, unknown>> | undefined,
    caller: CallerLocation | undefined,
    time: number,
    story?: StoryMark,
  ): boolean {
    if (this.completed) return true;
    const seq = this.history.end;
    if (!this.history.pushLine(line, fields, caller, time, story)) return false;
    this.counts[LEVEL_OF_NEST[line.level]] += 1;
    this.emitter.emit(seq);
    return true;
  }

  onApplicationShutdown(): void {
    this.completed = true;
    this.emitter.complete();
  }

  private observerFailed(error: unknown): void {
    this.failed += 1;
    if (this.failed === 1) process.emitWarning(observerThrew(error), 'LogStreamWarning');
  }
}
