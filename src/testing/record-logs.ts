import { type INestApplicationContext } from '@nestjs/common';
import { type CaptureOptions, LogRecorder } from './log-recorder.js';

/**
 * Records what an app logs from now on, system and audit records, whether or not the test called
 * `setupLogStreaming(app)`. Stop it, or declare it with `using`.
 *
 *     using logs = recordLogs(app);
 *     await request(app.getHttpServer()).post('/orders').send(order);
 *     await logs.next({ action: 'order_place', metadata: { order_id: 7 } });
 *
 * @param app an app, an application context or a testing module that imports `LogStreamModule`
 * @throws Error when it does not
 * @publicApi
 */
export function recordLogs(app: INestApplicationContext, options?: CaptureOptions): LogRecorder {
  return new LogRecorder(app, options);
}
