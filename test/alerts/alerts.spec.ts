import { Logger } from '@nestjs/common';
import { type Alert, type AlertOptions, LogStreamMetrics } from 'nestjs-log-stream';
import { type AlertData, connect } from 'nestjs-log-stream/client';
import { setImmediate as nextTurn, setTimeout as realTimeout } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { exposePrometheusMetrics } from '../../src/metrics/prometheus.js';
import { bareApp } from '../harness/bare-app.js';
import { eventually, turns } from '../harness/event-loop.js';
import { monitoredApp, type MonitoredApp } from '../harness/monitored-app.js';
import { OwnTimers } from '../harness/own-timers.js';

/** Long enough for what is looked at in the next turn. */
const SOON = 20;

function recorded(options: Partial<AlertOptions> = {}): { alerts: [AlertOptions]; calls: Alert[] } {
  const calls: Alert[] = [];
  const to = (alert: Alert): void => void calls.push(alert);
  return { calls, alerts: [{ name: 'errors', filter: { level: 'ERROR' }, to, ...options }] };
}

async function log(app: MonitoredApp, ...messages: string[]): Promise<void> {
  for (const message of messages) app.stream.publish({ message, level: 'ERROR', logger: 'app.orders' });
  await turns(SOON);
}

function counts(app: MonitoredApp): unknown {
  return app.get(LogStreamMetrics).snapshot().alerts;
}

/** Only what the rules go by: sockets and requests go on. */
function fakeClock(): void {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout', 'Date'] });
}

afterEach(() => void vi.useRealTimers());

describe('an alert', () => {
  it('calls the function of the app with the record as clients get it, apart from the log call', async () => {
    const { alerts, calls } = recorded({ filter: { level: 'ERROR', logger: 'app.*' } });
    await using app = await bareApp({ alerts, instance: 'shop-1' });
    app.stream.publish({ message: 'fine', level: 'INFO', logger: 'app.orders' });
    app.stream.publish({
      message: 'no stock',
      level: 'ERROR',
      logger: 'app.orders',
      password: 'hunter2',
      sku: 7,
    });
    expect(calls).toEqual([]);
    await eventually(() => calls.length === 1);
    expect(calls[0]).toEqual({
      name: 'errors',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      matches: 1,
      instance: 'shop-1',
      seq: 2,
      category: 'system',
      record: {
        timestamp: expect.any(String),
        level: 'ERROR',
        logger: 'app.orders',
        message: 'no stock',
        password: '[REDACTED]',
        sku: 7,
      },
    });
  });

  it('fires at most once in its time, and tells then how many have matched meanwhile', async () => {
    fakeClock();
    const { alerts, calls } = recorded({ everyMs: 10_000 });
    await using app = await bareApp({ alerts });
    await log(app, 'a', 'b', 'c');
    vi.advanceTimersByTime(9_999);
    await log(app, 'd');
    expect(calls.map(({ matches }) => matches)).toEqual([1]);
    vi.advanceTimersByTime(1);
    await log(app, 'e', 'f');
    expect(calls.map(({ matches, record }) => [matches, record.message])).toEqual([
      [1, 'a'],
      [4, 'e'],
    ]);
  });

  it('waits for as many as it takes, within its window', async () => {
    fakeClock();
    const { alerts, calls } = recorded({ count: 3, withinMs: 1_000, everyMs: 0 });
    await using app = await bareApp({ alerts });
    await log(app, 'a', 'b');
    vi.advanceTimersByTime(1_001);
    await log(app, 'c');
    expect(calls).toEqual([]);
    await log(app, 'd', 'e', 'f');
    expect(calls.map(({ record }) => record.message)).toEqual(['e']);
    // The next one takes as many again.
    await log(app, 'g', 'h');
    expect(calls.map(({ record }) => record.message)).toEqual(['e', 'h']);
  });

  it('never matches what its own function logs, at once, later, or as its failure', async () => {
    const own = new Logger('app.pager');
    let calls = 0;
    const to = async (): Promise<void> => {
      calls += 1;
      own.error('paging');
      await nextTurn();
      own.error('still paging');
      throw new Error('the pager is down');
    };
    const filter = { level: 'WARNING' } as const;
    await using app = await monitoredApp({
      logger: false,
      alerts: [
        { name: 'one', filter, everyMs: 0, to },
        { name: 'two', filter, everyMs: 0, to },
      ],
    }).start();
    await log(app, 'broken');
    await eventually(() => JSON.stringify(counts(app)).match(/"failed":1/g)?.length === 2);
    await turns(SOON);
    expect(calls).toBe(2);
    const logged = [...app.stream.history].map(({ message }) => message);
    expect(logged.filter((message) => message === 'still paging')).toHaveLength(2);
    expect(
      logged.filter((message) => message.includes("the alert 'one' failed: Error: the pager is down")),
    ).toHaveLength(1);
    // Somebody else's lines count as before.
    await log(app, 'broken again');
    await eventually(() => calls === 4);
  });

  it('counts failures, says the first of several, and goes on', async () => {
    let works = false;
    const { alerts } = recorded({
      everyMs: 0,
      to: () => {
        if (!works) throw new Error('no route');
      },
    });
    await using app = await monitoredApp({ logger: false, alerts }).start();
    const said = (): number =>
      [...app.stream.history].filter(({ message }) => message.includes('no route')).length;
    await log(app, 'a', 'b');
    expect(said()).toBe(1);
    works = true;
    await log(app, 'c');
    works = false;
    await log(app, 'd');
    expect(said()).toBe(2);
    expect(counts(app)).toEqual({ byName: { errors: { fired: 4, failed: 3, dropped: 0 } }, missed: 0 });
  });

  it('keeps few firings for a function that does not answer, and gives that up in the end', async () => {
    fakeClock();
    let calls = 0;
    const { alerts } = recorded({
      everyMs: 0,
      to: () => {
        calls += 1;
        return new Promise(() => {});
      },
    });
    const app = await bareApp({ alerts });
    await log(app, 'first');
    await log(app, ...Array.from({ length: 50 }, (_, index) => String(index)));
    expect(calls).toBe(1);
    expect(counts(app)).toMatchObject({ byName: { errors: { fired: 51, failed: 0, dropped: 34 } } });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(calls).toBe(2);
    expect(counts(app)).toMatchObject({ byName: { errors: { failed: 1 } } });
    const closed = app.close();
    await turns(SOON);
    await vi.advanceTimersByTimeAsync(10_000);
    await closed;
    expect(calls).toBe(2);
  });

  it('costs nobody memory in a storm: what the history has evicted is counted', async () => {
    const { alerts, calls } = recorded({ filter: { search: 'needle' } });
    await using app = await bareApp({ alerts, history: { records: 10 } });
    for (let index = 0; index < 100; index += 1) app.stream.publish({ message: `${index}` });
    app.stream.publish({ message: 'needle' });
    await eventually(() => calls.length === 1);
    expect(counts(app)).toMatchObject({ missed: 91 });
  });

  it('also looks where no history is kept', async () => {
    const { alerts, calls } = recorded();
    await using app = await bareApp({ alerts, history: false });
    await log(app, 'a');
    await eventually(() => calls.length === 1);
    expect(calls[0]!.record.message).toBe('a');
  });

  it('leaves nothing behind at the shutdown, whose last lines still count', async () => {
    using timers = new OwnTimers(/[\\/]src[\\/]alerts[\\/]/);
    const { alerts, calls } = recorded({ everyMs: 0 });
    const app = await bareApp({ alerts });
    await log(app, 'a');
    app.stream.publish({ message: 'last words', level: 'CRITICAL' });
    await app.close();
    expect(calls.map(({ record }) => record.message)).toEqual(['a', 'last words']);
    app.stream.publish({ message: 'nobody', level: 'ERROR' });
    await turns(SOON);
    expect(calls).toHaveLength(2);
    await eventually(() => timers.waiting.length === 0);
  });

  it('has metrics, for Prometheus too', async () => {
    const { alerts, calls } = recorded({ name: 'many "errors"' });
    await using app = await bareApp({ alerts });
    await log(app, 'a');
    await eventually(() => calls.length === 1);
    const registry = new Registry();
    exposePrometheusMetrics(app.get(LogStreamMetrics), registry);
    expect(await registry.metrics()).toContain('log_stream_alerts_fired_total{alert="many \\"errors\\""} 1');
  });

  it('does not hold up a log call, whatever its function does', async () => {
    const { alerts } = recorded({ everyMs: 0, to: () => realTimeout(5) });
    await using app = await bareApp({ alerts });
    await log(app, 'a');
    expect(app.stream.history.end).toBe(2);
  });
});

describe('the client', () => {
  it('passes on what fires, and what had fired before it came', async () => {
    await using app = await bareApp({ alerts: recorded({ everyMs: 0 }).alerts });
    await log(app, 'before');
    await using client = connect(app.url(), { replay: { last: 1 } });
    const told: AlertData[] = [];
    client.on('alert', (alert) => told.push(alert));
    await client.ready;
    await log(app, 'after');
    await eventually(() => told.length === 2);
    expect(told.map(({ id, record }) => [id, record.message])).toEqual([
      [1, 'before'],
      [2, 'after'],
    ]);
  });
});

describe('those who watch', () => {
  const fire = async (app: MonitoredApp): Promise<void> => {
    app.stream.publish({ message: 'no stock\u001b[2J', level: 'ERROR', logger: 'app.orders', tenant: 'a' });
    app.stream.publish({
      message: 'refused',
      level: 'ERROR',
      logger: 'audit.orders',
      action: 'x',
      tenant: 'b',
    });
    await turns(SOON);
  };
  const alertsFor = (): [AlertOptions] => recorded({ everyMs: 0 }).alerts;

  it('are told when an alert fires, and those who come later of the last ones', async () => {
    await using app = await bareApp({ alerts: alertsFor() });
    await using early = await app.watchExtended();
    await fire(app);
    await early.until(() => early.all('alert').length === 2);
    const [first] = early.all('alert');
    expect(first!.data).toEqual({
      epoch: app.stream.cursors.epoch,
      id: 1,
      name: 'errors',
      time: expect.any(String),
      matches: 1,
      record: {
        seq: 1,
        category: 'system',
        level: 'ERROR',
        logger: 'app.orders',
        message: 'no stock\u001b[2J',
      },
    });
    await using late = await app.watchExtended();
    await late.until(() => late.all('alert').length === 2);
    expect(late.all('alert').map(({ data }) => data)).toEqual(early.all('alert').map(({ data }) => data));
    await using http = await app.read('', { accept: 'application/x-ndjson' });
    await http.until(() => http.all('alert').length === 2);
    // The plain format has nothing but records.
    await using plain = await app.watch('/ws/monitor?replay=10');
    await plain.until(() => plain.texts.length === 2);
    expect(plain.texts.join()).not.toContain('"alert"');
  });

  it.each([
    [{ categories: ['audit' as const] }, [2]],
    [{ categories: ['system' as const] }, [1]],
    [{ filter: { where: { tenant: 'b' } } }, [2]],
    [{ filter: { where: { tenant: 'c' } } }, []],
    [{ id: 'ada' }, [1, 2]],
  ])('learn of no record that they may not see: %j', async (principal, expected) => {
    await using app = await bareApp({ alerts: alertsFor(), authorize: () => principal });
    await using early = await app.watchExtended();
    await fire(app);
    await using late = await app.watchExtended();
    for (const client of [early, late]) {
      await client.ask('ping');
      expect(client.all('alert').map(({ data }) => (data['record'] as { seq: number }).seq)).toEqual(
        expected,
      );
    }
  });
});
