import { type INestApplicationContext } from '@nestjs/common';
import { LogStreamLogger } from './logger/log-stream-logger.js';

/**
 * Makes an application log through {@link LogStreamLogger}. Call it in `main.ts` after `NestFactory.create()`, before
 * `app.listen()`. The monitor is served without it as well, but then it has none of the app's log lines.
 *
 * @throws Error from Nest when `LogStreamModule` is not imported
 * @publicApi
 */
export function setupLogStreaming<App extends INestApplicationContext>(app: App): App {
  app.useLogger(app.get(LogStreamLogger));
  // With `bufferLogs`, Nest would hold back everything until the app has started: in the wrong order beside audit
  // records, which are not buffered, and without callers.
  app.flushLogs();
  return app;
}
