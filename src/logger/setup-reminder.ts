import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { LoggerInstallation } from './logger-installation.js';
import { LINES_NOT_STREAMED } from './logger.messages.js';

/**
 * Says once, when an app has started, that a line is missing in its `main.ts`. To HTTP applications only: an application
 * context has started before anybody can set it up.
 */
@Injectable()
export class SetupReminder implements OnApplicationBootstrap {
  private readonly logger = new Logger('LogStreamModule');

  constructor(
    @Inject(LoggerInstallation) private readonly installation: LoggerInstallation,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {}

  onApplicationBootstrap(): void {
    if (this.host.httpAdapter && !this.installation.isInstalled) this.logger.warn(LINES_NOT_STREAMED);
  }
}
