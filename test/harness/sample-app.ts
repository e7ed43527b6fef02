import { Test } from '@nestjs/testing';
import { LogStreamLogger, setupLogStreaming } from 'nestjs-log-stream';
import { AppModule } from '../../sample-app/src/app.module.js';
import { type Instance } from '../../sample-app/src/instances/instance.js';
import { Chance } from '../../sample-app/src/simulation/chance.js';
import { Clock } from '../../sample-app/src/simulation/clock.js';
import { LogSink } from '../../src/logger/log-sink.js';
import { LOG_STREAM_OPTIONS, type ResolvedLogStreamOptions } from '../../src/options/resolved-options.js';
import { type MonitorClient } from './monitor-client.js';
import { MonitoredApp } from './monitored-app.js';
import { EvenChance, ManualClock } from './simulation.js';

/** The sample app on port 0, silent on the console, in a time that stands still until the test turns it. */
export class SampleApp extends MonitoredApp {
  static async start(chance: Chance = new EvenChance()): Promise<SampleApp> {
    const clock = new ManualClock();
    const testing = await Test.createTestingModule({ imports: [AppModule] })
      .overrideProvider(Clock)
      .useValue(clock)
      .overrideProvider(Chance)
      .useValue(chance)
      .overrideProvider(LogStreamLogger)
      .useFactory({
        inject: [LOG_STREAM_OPTIONS, LogSink],
        factory: (options: ResolvedLogStreamOptions, sink: LogSink) =>
          new LogStreamLogger({ ...options, logger: false }, sink),
      })
      .compile();
    const app = setupLogStreaming(testing.createNestApplication());
    await app.listen(0, '127.0.0.1');
    return new SampleApp(app, clock);
  }

  private constructor(
    app: MonitoredApp['app'],
    readonly clock: ManualClock,
  ) {
    super(app);
  }

  post(path: string, body: object): Promise<Response> {
    return this.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  delete(path: string): Promise<Response> {
    return this.request(path, { method: 'DELETE' });
  }

  async spawn(name: string): Promise<Instance> {
    return (await this.post('/instances', { name })).json() as Promise<Instance>;
  }
}

/** The audit records of an action that a client has received so far. */
export function auditsOf(client: MonitorClient, action: string): Record<string, unknown>[] {
  return client.frames
    .filter(({ type, data }) => type === 'audit_log' && data['action'] === action)
    .map(({ data }) => data);
}
