import { Inject, Injectable, Logger, type LoggerService, type LogLevel } from '@nestjs/common';
import { LOG_STREAM_OPTIONS, type ResolvedLogStreamOptions } from '../options/resolved-options.js';
import { InnerLogger } from './inner-logger.js';
import { evaluateOnce } from './lazy-message.js';
import { type AuditEnvelope } from '../record/log-call.js';
import { type KeptEntry } from '../record/kept-entry.js';
import { LogSink } from './log-sink.js';
import { LoggerFront } from './logger-front.js';
import { contextOf } from './logger-context.js';
import { LevelsInForce, LogLevels } from './logger-levels.js';
import { outputOf, STREAMS, type StreamingLogger } from './logger-output.js';
import { type Entrance } from './stack.js';
import { type NestLogger } from './nest-logger.js';
import { StreamTap } from './stream-tap.js';

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
 * The Nest `LoggerService` of this package: passes every call to an inner logger, unchanged, and to the stream.
 *
 * `setupLogStreaming(app)` streams what is logged through Nest's `Logger` and leaves the app its own logger; with the
 * option `logger`, or by `app.useLogger(app.get(LogStreamLogger))`, this one takes its place. Its inner logger is that of
 * the option, else the one that the app has otherwise.
 *
 * No method throws, whatever is passed and whatever the inner logger does.
 *
 * @publicApi
 */
@Injectable()
export class LogStreamLogger implements LoggerService {
  /** @internal */
  readonly tap: StreamTap;
  /** @internal */
  readonly [STREAMS]: StreamingLogger[typeof STREAMS];
  private readonly inner: InnerLogger;
  private readonly levels = new LevelsInForce();
  /** What {@link setLogLevels} has set. */
  private ownLevels: LogLevels | undefined;
  private nest: NestLogger = Logger;
  /** Calls under way: more than one where a lazy message, an observer or an inner logger logs. */
  private depth = 0;

  constructor(@Inject(LOG_STREAM_OPTIONS) options: ResolvedLogStreamOptions, @Inject(LogSink) sink: LogSink) {
    this.inner = new InnerLogger(options.logger, this);
    this.tap = new StreamTap(sink, options.caller);
    this[STREAMS] = { output: () => this.inner.next, into: (other) => other === sink };
  }

  /** Calls that failed on their way, by the side that failed. Both stay 0 in a healthy app. */
  get failures(): { readonly inner: number; readonly stream: number } {
    return { inner: this.inner.failures, stream: this.tap.failures };
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
    this.ownLevels = new LogLevels(levels);
    this.inner.setLogLevels(levels);
  }

  /** @internal Makes Nest's `Logger` of the app the one that counts, where it is not that of this package. */
  follow(nest: NestLogger): void {
    this.nest = nest;
    this.inner.follow(nest);
  }

  /**
   * For the audit side: logs a line whose parts are known, without guessing at arguments.
   *
   * @returns what becomes of the record, where somebody keeps audit records
   */
  write({ audit, ...call }: StructuredEntry): Promise<KeptEntry> | undefined {
    this.inner.forward(call.level, [call.message, call.params, call.context]);
    return this.tap.wanted ? this.tap.write(call, audit) : undefined;
  }

  private tee(level: LogLevel, received: readonly unknown[], entrance: Entrance): void {
    const front = LoggerFront.find(this.nest);
    const isNested = this.depth > 0 || front?.isBusy;
    this.depth += 1;
    try {
      const isHandedOn = front?.isHandedOn(this.tap) ?? false;
      const args = evaluateOnce(received, this.inner.outside);
      this.inner.forward(level, args, isHandedOn);
      if (!this.tap.wanted || !this.isOn(level)) return;
      const facade = isNested ? undefined : (this.nest.prototype[level] as Entrance);
      this.tap.take({ level, args, entrance, facade, context: contextOf(outputOf(this.inner.next)) });
    } finally {
      this.depth -= 1;
    }
  }

  /** The levels that were set for this logger, else those of the app's logger where that is the inner one. */
  private isOn(level: LogLevel): boolean {
    if (this.ownLevels) return this.ownLevels.isLevelEnabled(level);
    return this.levels.isOn(this.inner.isGiven ? undefined : outputOf(this.inner.next), level);
  }
}
