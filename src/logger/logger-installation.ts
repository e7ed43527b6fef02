import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { LOG_STREAM_OPTIONS, type ResolvedLogStreamOptions } from '../options/resolved-options.js';
import { LoggerFront } from './logger-front.js';
import { LogStreamLogger } from './log-stream-logger.js';
import { currentLevels, currentLogger, type NestLogger } from './nest-logger.js';

/**
 * Leads what is logged through Nest's `Logger` to the stream of one app, until that app is closed. Nest has one logger
 * for all apps of a process: each of them streams what any of them logs.
 */
@Injectable()
export class LoggerInstallation implements OnApplicationShutdown {
  /** What there was before the app could change it. */
  private readonly found = { logger: currentLogger(), levels: currentLevels() };
  private readonly fronts = new Set<LoggerFront>();

  constructor(
    @Inject(LOG_STREAM_OPTIONS) private readonly options: ResolvedLogStreamOptions,
    @Inject(LogStreamLogger) private readonly logger: LogStreamLogger,
  ) {}

  /** Whether the option `logger` says that ours takes the place of the app's logger. */
  get replaces(): boolean {
    return this.options.logger !== undefined;
  }

  /** Whether what the app logs is streamed, by {@link install} or by `app.useLogger()`. */
  get isInstalled(): boolean {
    return this.fronts.size > 0 || currentLogger() === this.logger;
  }

  /** @param nest the `Logger` that the app logs through */
  install(nest: NestLogger = Logger): void {
    const front = LoggerFront.of(nest);
    if (this.fronts.has(front)) return;
    this.fronts.add(front);
    front.add(this.logger.tap);
    // Levels that were set since the app was created were set for the logger that is in force.
    const levels = currentLevels(nest);
    if (levels && levels !== this.found.levels) front.levels.set(currentLogger(nest), levels);
  }

  onApplicationShutdown(): void {
    for (const front of this.fronts) front.remove(this.logger.tap);
    this.fronts.clear();
    if (currentLogger() === this.logger) Logger.overrideLogger(this.found.logger ?? false);
  }
}
