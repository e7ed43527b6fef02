import { type INestApplicationContext } from '@nestjs/common';
import { installGatewayAdapter } from './monitor/install-gateway-adapter.js';
import { LogStreamLogger } from './logger/log-stream-logger.js';

/**
 * Makes an application log through {@link LogStreamLogger} and serves the monitor beside its own gateways. Call
 * it in `main.ts` after `NestFactory.create()` and any `app.useWebSocketAdapter()`, before `app.listen()`.
 *
 * Without a WebSocket adapter of its own the app gets the `ws` adapter; where its gateways need socket.io,
 * Nest's default, they keep it.
 *
 * @throws Error from Nest when `LogStreamModule` is not imported
 * @publicApi
 */
export function setupLogStreaming<App extends INestApplicationContext>(app: App): App {
  app.useLogger(app.get(LogStreamLogger));
  // With `bufferLogs`, Nest would hold back everything until the app has started: in the wrong order beside audit
  // records, which are not buffered, and without callers.
  app.flushLogs();
  installGatewayAdapter(app);
  return app;
}
