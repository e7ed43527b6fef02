import { Inject, Injectable, Logger, type LoggerService, type LogLevel } from '@nestjs/common';
import { LOG_STREAM_OPTIONS, type ResolvedLogStreamOptions } from '../options/resolved-options.js';
import { ArgumentReader } from './argument-reader.js';
import { CallerBudget } from './caller-budget.js';
import { CallerLocator } from './caller-locator.js';
import { InnerLogger } from './inner-logger.js';
import { evaluateOnce } from './lazy-message.js';
import { AUDIT_ENVELOPE, type AuditEnvelope, type CallerLocation, type LogCall } from '../record/log-call.js';
import { LogSink } from './log-sink.js';
import { callNotStreamed } from './logger.messages.js';

/** Levels whose callers have a budget of their own: WARNING and above. */
const IMPORTANT: ReadonlySet<LogLevel> = new Set(['warn', 'error', 'fatal']);

/** A line of this package's own entrances, whose parts need no reading. */
export interface StructuredEntry {
  readonly level: LogLevel;
  readonly message: string;
  readonly context: string;
  /** Extra fields of the record. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly audit?: AuditEnvelope;
}

/**
 * The Nest `LoggerService` of this package: passes every call to an inner logger, unchanged, and to the
 * stream. Install it with `setupLogStreaming(app)` or `app.useLogger(app.get(LogStreamLogger))`.
 *
 * No method throws, whatever is passed and whatever the inner logger does.
 *
 * @publicApi
 */
@Injectable()
export class LogStreamLogger implements LoggerService {
  private readonly inner: InnerLogger;
  private readonly reader = new ArgumentReader();
  private readonly locator = new CallerLocator();
  private readonly budget = new CallerBudget();
  private readonly caller: ResolvedLogStreamOptions['caller'];
  private readonly sink: LogSink;
  private lost = 0;
  /** Calls under way: more than one where a lazy message, an observer or an inner logger logs. */
  private depth = 0;

  constructor(@Inject(LOG_STREAM_OPTIONS) options: ResolvedLogStreamOptions, @Inject(LogSink) sink: LogSink) {
    this.inner = new InnerLogger(options.logger);
    this.caller = options.caller;
    this.sink = sink;
  }

  /** Calls that failed on their way, by the side that failed. Both stay 0 in a healthy app. */
  get failures(): { readonly inner: number; readonly stream: number } {
    return { inner: this.inner.failures, stream: this.lost };
  }

  log(...args: [message: unknown, ...optionalParams: unknown[]]): void {
    this.tee('log', args, this.log);
  }

  error(...args: [message: unknown, ...optionalParams: unknown[]]): void {
    this.tee('error', args, this.error);
  }

  warn(...args: [message: unknown, ...optionalParams: unknown[]]): void {
    this.tee('warn', args, this.warn);
  }

  debug(...args: [message: unknown, ...optionalParams: unknown[]]): void {
    this.tee('debug', args, this.debug);
  }

  verbose(...args: [message: unknown, ...optionalParams: unknown[]]): void {
    this.tee('verbose', args, this.verbose);
  }

  fatal(...args: [message: unknown, ...optionalParams: unknown[]]): void {
    this.tee('fatal', args, this.fatal);
  }

  /** Sets the levels of the stream and, where it has such a method, of the inner logger. */
  setLogLevels(levels: LogLevel[]): void {
    this.reader.setLogLevels(levels);
    this.inner.setLogLevels(levels);
  }

  /** For the audit side: logs a line whose parts are known, without guessing at arguments. */
  write(entry: StructuredEntry): void {
    this.inner.forward(entry.level, [entry.message, entry.params, entry.context]);
    if (!this.sink.wanted) return;
    const { level, message, context, params, audit } = entry;
    // Audit records carry no caller on the wire, so none is looked for.
    this.publish({ level, message, context, params, text: this.reader.text }, undefined, audit);
  }

  private tee(level: LogLevel, received: readonly unknown[], entrance: (...args: never[]) => void): void {
    this.depth += 1;
    try {
      const args = evaluateOnce(received, this.inner.outside);
      this.inner.forward(level, args);
      if (this.sink.wanted) this.stream(level, args, entrance);
    } catch (error) {
      this.lose(error);
    } finally {
      this.depth -= 1;
    }
  }

  private stream(level: LogLevel, args: readonly unknown[], entrance: (...args: never[]) => void): void {
    const call = this.reader.read(level, args);
    if (!call) return;
    const time = Date.now();
    const caller = this.locate(level, time, entrance);
    const audit = envelopeOf(args);
    this.publish(call, caller, audit, time);
    for (const message of call.further)
      this.publish({ ...call, message, error: undefined }, caller, audit, time);
  }

  private publish(call: LogCall, caller?: CallerLocation, audit?: AuditEnvelope, time?: number): void {
    try {
      this.sink.accept(call, caller, audit, time);
    } catch (error) {
      this.lose(error);
    }
  }

  private locate(
    level: LogLevel,
    time: number,
    entrance: (...args: never[]) => void,
  ): CallerLocation | undefined {
    const { sink, budget, locator } = this;
    // Inside of another call Nest's own method may be on the stack for that one.
    const facade = this.depth === 1 ? Logger.prototype[level] : undefined;
    switch (this.caller) {
      case 'never':
        return undefined;
      case 'watched':
        return sink.watched ? locator.locate(entrance, facade) : undefined;
      case 'budget': {
        if (sink.callerExpected) return locator.locate(entrance, facade);
        if (!budget.take(time, sink.watched, IMPORTANT.has(level))) return undefined;
        if (!budget.isMeasured) return locator.locate(entrance, facade);
        const started = performance.now();
        const location = locator.locate(entrance, facade);
        budget.measured(performance.now() - started);
        return location;
      }
      case 'always':
        return locator.locate(entrance, facade);
    }
  }

  private lose(error: unknown): void {
    this.lost += 1;
    if (this.lost === 1) process.emitWarning(callNotStreamed(error), 'LogStreamWarning');
  }
}

function envelopeOf(args: readonly unknown[]): AuditEnvelope | undefined {
  for (const arg of args) {
    if (typeof arg !== 'object' || arg === null) continue;
    try {
      if (AUDIT_ENVELOPE in arg) return arg[AUDIT_ENVELOPE] as AuditEnvelope;
    } catch {
      // A proxy that refuses to answer carries none.
    }
  }
  return undefined;
}
