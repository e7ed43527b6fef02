import { type INestApplicationContext, Logger } from '@nestjs/common';
import { LogStreamLogger } from './logger/log-stream-logger.js';
import { LoggerInstallation } from './logger/logger-installation.js';
import { loggerClassOf } from './logger/nest-logger.js';

/**
 * Streams what the application logs. Call it in `main.ts` after `NestFactory.create()`, before `app.listen()`. The monitor
 * is served without it as well, but then it has none of the app's log lines.
 *
 * What the app's own logger prints does not change by a byte, whichever it is and whenever it is set; with the option
 * `logger` of the module, {@link LogStreamLogger} takes its place.
 *
 * @throws Error from Nest when `LogStreamModule` is not imported
 * @publicApi
 */
export function setupLogStreaming<App extends INestApplicationContext>(app: App): App {
  const logger = app.get(LogStreamLogger);
  const installation = app.get(LoggerInstallation);
  const nest = loggerClassOf(app);
  installation.install(nest);
  if (installation.replaces) {
    app.useLogger(logger);
    if (nest !== Logger) Logger.overrideLogger(logger);
  }
  // Lines that `bufferLogs` holds back are for the logger that the app may still name. Only HTTP applications print
  // them by themselves; ours takes them at once, since what is logged later would come without its caller.
  if (installation.replaces || !('getHttpAdapter' in app)) app.flushLogs();
  return app;
}
