import { WsAdapter } from '@nestjs/platform-ws';
import { type LogStreamOptions } from 'nestjs-log-stream';
import { type MonitoredApp, monitoredApp } from './monitored-app.js';

/** An app whose stream holds only what the test publishes, from 1 on: Nest's own lines are not in it. */
export function bareApp(options: LogStreamOptions = {}, port = 0): Promise<MonitoredApp> {
  return monitoredApp({ logger: false, caller: 'never', ...options })
    .withoutSetup()
    .webSocketAdapter((app) => new WsAdapter(app))
    .onPort(port)
    .start();
}
