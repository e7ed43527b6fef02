import { Logger, type INestApplicationContext, type LoggerService, type LogLevel } from '@nestjs/common';
import { type AsyncLocalStorage } from 'node:async_hooks';
import { LogSink } from '../logger/log-sink.js';
import { LogStreamLogger } from '../logger/log-stream-logger.js';
import { STREAMS, type StreamingLogger, streamsInto } from '../logger/logger-output.js';
import { currentLogger } from '../logger/nest-logger.js';
import { LOG_STREAM_OPTIONS, type ResolvedLogStreamOptions } from '../options/resolved-options.js';
import { LOGGER_TAKEN_OVER } from './testing.messages.js';

type Arguments = [message: unknown, ...optionalParams: unknown[]];

/** An app that is being recorded. */
export interface Recording {
  /** Where its lines go that are logged through Nest's `Logger`. */
  readonly logger: LoggerService;
  /** The logger that `setupLogStreaming()` gives the app. */
  readonly own: LogStreamLogger;
  /** Holds something in the block that is recorded, and in all that it awaits and starts; no block, no storage. */
  readonly block: AsyncLocalStorage<true> | undefined;
}

/**
 * Stands in for Nest's logger while something is recorded: a test rarely runs `main.ts`, so without it the lines that
 * services log through `new Logger()` would end in Nest's `TestingLogger`. There is one such logger in a process, for
 * all its apps: which app a line belongs to is told by the block that it is logged in.
 */
export class RecordingLogger implements StreamingLogger {
  readonly [STREAMS]: StreamingLogger[typeof STREAMS] = {
    output: () => this.previous,
    into: (sink) => this.recordings.some(({ logger }) => streamsInto(logger, sink)),
  };
  private readonly recordings: Recording[] = [];

  private constructor(private readonly previous: LoggerService | undefined) {}

  /** The one that is installed, or else a new one over the logger that is. */
  static install(): RecordingLogger {
    const current = currentLogger();
    if (current instanceof RecordingLogger) return current;
    const logger = new RecordingLogger(current);
    Logger.overrideLogger(logger);
    return logger;
  }

  add(app: INestApplicationContext, block?: AsyncLocalStorage<true>): Recording {
    const own = app.get(LogStreamLogger);
    const recording = { own, logger: this.loggerOf(app, own), block };
    this.recordings.push(recording);
    return recording;
  }

  /** With the last recording goes this logger, and the one before is back. */
  remove(recording: Recording): void {
    this.recordings.splice(this.recordings.indexOf(recording), 1);
    const current = currentLogger();
    if (current !== this) {
      if (current !== recording.own) process.emitWarning(LOGGER_TAKEN_OVER, 'LogStreamWarning');
    } else if (this.recordings.length === 0) {
      Logger.overrideLogger(this.previous ?? false);
    }
  }

  /** Whether what runs right now belongs to the block of another recording, and not to this one's. */
  isOfAnother(recording: Recording): boolean {
    return !isInside(recording) && this.recordings.some(isInside);
  }

  log(...args: Arguments): void {
    this.target.log(...args);
  }

  error(...args: Arguments): void {
    this.target.error(...args);
  }

  warn(...args: Arguments): void {
    this.target.warn(...args);
  }

  debug(...args: Arguments): void {
    this.target.debug?.(...args);
  }

  verbose(...args: Arguments): void {
    this.target.verbose?.(...args);
  }

  fatal(...args: Arguments): void {
    this.target.fatal?.(...args);
  }

  setLogLevels(levels: LogLevel[]): void {
    for (const { logger } of this.recordings) logger.setLogLevels?.(levels);
  }

  /** Outside of any block, as in a handler that a request reached: the app that was set up last, or recorded last. */
  private get target(): LoggerService {
    const { recordings, previous } = this;
    const recording =
      recordings.findLast(isInside) ?? recordings.find(({ own }) => own === previous) ?? recordings.at(-1)!;
    return recording.logger;
  }

  private loggerOf(app: INestApplicationContext, own: LogStreamLogger): LoggerService {
    if (this.previous instanceof LogStreamLogger) return own;
    // Not set up as in `main.ts`: what is printed stays as it was, unless the app wants nothing printed.
    const options = app.get<ResolvedLogStreamOptions>(LOG_STREAM_OPTIONS);
    const logger = options.logger === false ? false : (this.previous ?? false);
    return new LogStreamLogger({ ...options, logger }, app.get(LogSink));
  }
}

function isInside({ block }: Recording): boolean {
  return block?.getStore() === true;
}
