import { Controller, Get, Injectable, Logger, type LoggerService } from '@nestjs/common';
import { Audit, AuditLogger, type Authorize, type LogStreamOptions } from 'nestjs-log-stream';
import { mergeMap } from 'rxjs/operators';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { turns } from '../harness/event-loop.js';
import { monitoredApp, type MonitoredApp } from '../harness/monitored-app.js';
import { restoreNestLogger } from '../unit/support/nest-logger-state.js';
import { scaled } from './fault-scale.js';

const CALLS = scaled({ short: 300, long: 3_000 });

/** Longest that an endless loop gets to show itself, in milliseconds. */
const LOOP_MS = 200;

function boom(): never {
  throw new Error('boom');
}

/** Rejects later, or throws at once. */
const FAILURES: readonly (readonly [string, () => unknown])[] = [
  ['throws', boom],
  ['throws something that is no error', () => Promise.reject(new Proxy({}, { get: boom }))],
  ['rejects', () => Promise.reject(new Error('boom'))],
  ['rejects later', () => pause(1).then(boom)],
];

function loggerThat(fails: (...args: unknown[]) => unknown): LoggerService {
  return { log: fails, error: fails, warn: fails, debug: fails, verbose: fails, fatal: fails };
}

@Injectable()
class Instances {
  private readonly logger = new Logger('Instances');

  constructor(readonly audit: AuditLogger) {}

  @Audit('instance_spawn', {
    metadata: boom,
    target: boom,
    actor: boom,
    message: boom,
    skip: boom,
  })
  spawn(id: number): number {
    this.logger.log('spawned', { id });
    return id;
  }

  @Audit<Instances['send']>('message_sent', {
    metadata: () => Promise.reject(new Error('boom')),
    target: () => pause(1).then(boom),
  })
  async send(id: number): Promise<number> {
    return Promise.resolve(id);
  }
}

@Controller()
class InstancesController {
  constructor(private readonly instances: Instances) {}

  @Get('instance')
  @Audit('state_change', { metadata: boom })
  instance(): { id: number } {
    return { id: this.instances.spawn(7) };
  }
}

describe('isolation', () => {
  restoreNestLogger();
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  beforeEach(() => {
    unhandled.length = 0;
    process.on('unhandledRejection', note);
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  });
  afterEach(async () => {
    await turns(5);
    process.off('unhandledRejection', note);
    vi.restoreAllMocks();
    expect(unhandled).toEqual([]);
  });

  /** The caller sees no exception, and who watches gets every line, once and in order. */
  async function expectUnharmed(app: MonitoredApp): Promise<void> {
    await using client = await app.watchExtended('logger=Caller');
    const logger = new Logger('Caller');
    for (let n = 0; n < CALLS; n++) {
      logger.log(`line ${n}`, { n });
      if (n % 50 === 49) await turns(1);
    }
    await client.message(`line ${CALLS - 1}`);
    expect(client.messages).toEqual(Array.from({ length: CALLS }, (_, n) => `line ${n}`));
  }

  describe.each(FAILURES)('what %s', (_, fails) => {
    it.each<[string, LogStreamOptions]>([
      ['the inner logger', { logger: loggerThat(fails) }],
      ['the option `context`', { logger: false, context: fails as () => object }],
    ])('in %s', async (_name, options) => {
      await using app = await monitoredApp(options).start();
      await expectUnharmed(app);
    });

    it('in an observer, directly and behind an operator', async () => {
      await using app = await monitoredApp().start();
      app.stream.records$.subscribe(() => fails());
      app.stream.records$.pipe(mergeMap(async () => fails())).subscribe();
      app.stream.records$.subscribe({ next: () => fails(), complete: () => fails() });
      await expectUnharmed(app);
    });

    it('in `authorize`: nobody is let in, the app goes on', async () => {
      await using app = await monitoredApp({ logger: false, authorize: fails as Authorize }).start();
      for (let n = 0; n < 20; n++) expect(await app.refusal()).toBe(401);
      new Logger('Caller').log('still here');
      expect(app.stream.history.at(app.stream.history.end - 1)).toMatchObject({ message: 'still here' });
    });
  });

  it('in an extractor of @Audit never reaches who called, nor the answer of a handler', async () => {
    await using app = await monitoredApp()
      .with({ providers: [Instances], controllers: [InstancesController] })
      .start();
    const instances = app.get(Instances);
    for (let n = 0; n < CALLS; n++) expect(instances.spawn(n)).toBe(n);
    for (let n = 0; n < 20; n++) expect(await instances.send(n)).toBe(n);
    const response = await app.request('/instance');
    expect([response.status, await response.json()]).toEqual([200, { id: 7 }]);
    await vi.waitFor(() => {
      const actions = [...app.stream.history].map(({ action }) => action);
      expect(actions.filter((action) => action === 'instance_spawn')).toHaveLength(CALLS + 1);
      expect(actions.filter((action) => action === 'message_sent')).toHaveLength(20);
      expect(actions.filter((action) => action === 'state_change')).toHaveLength(1);
    });
  });

  /** Logs the one line, waits, and tells how many lines that led to. */
  async function ledTo(app: MonitoredApp): Promise<number> {
    const before = app.stream.history.end;
    new Logger('Caller').log('one line');
    await pause(LOOP_MS);
    return app.stream.history.end - before;
  }

  describe.each<[string, (log: () => void) => void]>([
    ['at once', (log) => log()],
    ['after an await', (log) => void pause(1).then(log)],
    ['from a timer', (log) => void setTimeout(log, 1)],
  ])('does not let the stream feed on itself: what is logged %s', (_, later) => {
    const chatter = new Logger('Chatter');

    it('by the inner logger', async () => {
      const logger = loggerThat(() => later(() => chatter.log('printed')));
      await using app = await monitoredApp({ logger }).start();
      await pause(20);
      expect(await ledTo(app)).toBe(2);
    });

    it('by an observer', async () => {
      await using app = await monitoredApp().start();
      await using client = await app.watchExtended();
      app.stream.records$.subscribe(() => later(() => chatter.log('seen')));
      expect(await ledTo(app)).toBe(2);
      await client.message('seen');
    });

    it('by two observers: each is told once of what the other one saw', async () => {
      await using app = await monitoredApp().start();
      app.stream.records$.subscribe(() => later(() => chatter.log('seen by one')));
      app.stream.records$.pipe(mergeMap(async () => later(() => chatter.log('seen by two')))).subscribe();
      expect(await ledTo(app)).toBe(5);
    });

    it('by `authorize`: one line for each who comes', async () => {
      const authorize = (): boolean => {
        later(() => chatter.log('somebody asks'));
        return true;
      };
      await using app = await monitoredApp({ logger: false, authorize }).start();
      await using _watching = await app.watch();
      await pause(20);
      expect(await ledTo(app)).toBe(1);
    });

    it('by the option `context`', async () => {
      const context = (): object => {
        later(() => chatter.log('asked'));
        return { tenant: 1 };
      };
      await using app = await monitoredApp({ logger: false, context }).start();
      await pause(20);
      expect(await ledTo(app)).toBe(2);
    });
  });
});
