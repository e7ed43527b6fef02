import { Inject, Injectable, Logger, type LoggerService, type OnApplicationShutdown } from '@nestjs/common';
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
  /** How to put back what there was, by the `Logger` that it was in. */
  private readonly installed = new Map<NestLogger, LoggerService | undefined>();

  constructor(
    @Inject(LOG_STREAM_OPTIONS) private readonly options: ResolvedLogStreamOptions,
    @Inject(LogStreamLogger) private readonly logger: LogStreamLogger,
  ) {}

  /** Whether the option `logger` says that ours takes the place of the app's logger. */
  get replaces(): boolean {
    return this.options.logger !== undefined;
  }

  /** Whether the lines of the app are streamed. */
  get isInstalled(): boolean {
    const current = currentLogger();
    return this.installed.size > 0 || (current !== undefined && this.logger.tap.has(current));
  }

  /**
   * @param nest the `Logger` that the app logs through. It may be of another copy of `@nestjs/common` than ours, as where
   *   a package manager installs one for each set of peers: both are served
   */
  install(nest: NestLogger = Logger): void {
    this.logger.follow(nest);
    for (const one of new Set([nest, Logger])) this.installInto(one);
  }

  onApplicationShutdown(): void {
    this.installed.set(Logger, this.found.logger);
    for (const [nest, logger] of this.installed) {
      LoggerFront.find(nest)?.remove(this.logger.tap);
      if (currentLogger(nest) === this.logger) nest.overrideLogger(logger ?? false);
    }
    this.installed.clear();
  }

  private installInto(nest: NestLogger): void {
    if (this.installed.has(nest)) return;
    this.installed.set(nest, currentLogger(nest));
    const front = LoggerFront.of(nest);
    front.add(this.logger.tap);
    // Levels that were set since the app was created were set for the logger that is in force.
    const levels = currentLevels(nest);
    if (levels && levels !== this.found.levels) front.levels.set(currentLogger(nest), levels);
  }
}
