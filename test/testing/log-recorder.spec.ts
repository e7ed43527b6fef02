import { Logger, type LoggerService } from '@nestjs/common';
import { LogStream } from 'nestjs-log-stream';
import { type LogRecorder, recordLogs } from 'nestjs-log-stream/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type TestingModule } from '@nestjs/testing';
import { activeResources, addedResources } from '../harness/own-timers.js';
import { turns } from '../harness/event-loop.js';
import { Orders, ordersModule } from './orders.js';

/** Longer than any test: the wait ends by what the test does. */
const PATIENT = { timeout: 60_000 };

/** What a promise that must reject says. */
const complaintOf = async (promise: Promise<unknown>): Promise<string> => {
  const outcome = await promise.then(
    () => 'did not reject',
    (error: unknown) => (error instanceof Error ? error.message : 'no Error'),
  );
  return outcome;
};

describe('recordLogs', () => {
  let app: TestingModule;
  let orders: Orders;
  let logs: LogRecorder;
  const logger = new Logger('orders');

  beforeEach(async () => {
    app = await ordersModule();
    orders = app.get(Orders);
    logs = recordLogs(app, { omit: ['timestamp', 'module', 'function', 'line'] });
  });

  afterEach(async () => {
    logs.stop();
    await app.close();
  });

  it('records both categories as they come, and finds those that match', () => {
    const none = logs.records;
    orders.place(1);
    orders.place(2);
    expect(none).toEqual([]);
    expect(logs.records).toHaveLength(4);
    expect(logs.system).toMatchObject([{ order_id: 1 }, { order_id: 2 }]);
    expect(logs.audit).toEqual([
      expect.objectContaining({ action: 'state_change', metadata: { order_id: 1 } }),
      expect.objectContaining({ action: 'state_change', metadata: { order_id: 2 } }),
    ]);
    expect(logs.matching({ action: 'state_*', metadata: { order_id: 2 } })).toEqual([logs.audit[1]]);
    expect(logs.matching(({ order_id }) => order_id === 1)).toEqual([logs.system[0]]);
    expect(logs.matching({ level: 'ERROR' })).toEqual([]);
  });

  it('waits for a record, one that is there or one that comes, and returns each once', async () => {
    const placed = { message: 'Order placed' };
    orders.place(1);
    expect(await logs.next(placed)).toMatchObject({ order_id: 1 });
    const [second, third] = [logs.next(placed, PATIENT), logs.next(placed, PATIENT)];
    orders.place(2);
    orders.place(3);
    expect(await Promise.all([second, third])).toMatchObject([{ order_id: 2 }, { order_id: 3 }]);
    // In another order than they came.
    expect(await logs.next({ metadata: { order_id: 3 } })).toMatchObject({ logger: 'audit.orders' });
    expect(await logs.next({ metadata: { order_id: 1 } })).toMatchObject({ message: 'Order 1 placed' });
  });

  it('waits on when it is cleared, for what comes then', async () => {
    orders.place(1);
    const shipped = logs.next({ message: 'Shipped' }, PATIENT);
    logs.clear();
    expect(logs.records).toEqual([]);
    await orders.ship(2);
    expect(await shipped).toMatchObject({ order_id: 2 });
    expect(logs.records).toHaveLength(2);
  });

  it('shows what was recorded instead, the nearest first', async () => {
    orders.place(7);
    logger.error('Payment failed', { order_id: 8, provider: { name: 'acme', retries: 3 } });
    logger.warn('Card declined', { order_id: 7 });
    const wanted = {
      level: 'ERROR',
      logger: 'orders',
      message: /declined/,
      order_id: expect.any(Number),
    } as const;
    expect(await complaintOf(logs.next(wanted, { timeout: 1 }))).toMatchInlineSnapshot(`
      "No record matched { level: 'ERROR', logger: 'orders', message: /declined/, order_id: Any<Number> } within 1 ms. 4 recorded, the nearest first:
        WARNING orders "Card declined" {"order_id":7}
          - level is 'WARNING', not 'ERROR'
        ERROR orders "Payment failed" {"order_id":8,"provider":{"name":"acme","retries":3}}
          - message is 'Payment failed', not /declined/
        INFO orders "Order placed" {"order_id":7,"lines":[{"sku":"A"},{"sku":"B"}]}
          - level is 'INFO', not 'ERROR'
          - message is 'Order placed', not /declined/
        INFO audit.orders "Order 7 placed" {"action":"state_change","metadata":{"order_id":7}}
          - level is 'INFO', not 'ERROR'
          - logger is 'audit.orders', not 'orders'
          - message is 'Order 7 placed', not /declined/
          - order_id is missing, not Any<Number>"
    `);
  });

  it('shows no more than a person reads', async () => {
    for (let n = 0; n < 50; n++) logger.log(`Line ${n}`, { text: 'x'.repeat(10_000) });
    const complaint = await complaintOf(logs.next(({ message }) => message === 'Line 50', { timeout: 1 }));
    expect(complaint.split('\n')).toHaveLength(7);
    expect(complaint.length).toBeLessThan(2_000);
    expect(complaint).toContain(`No record matched ({ message }) => message === "Line 50" within 1 ms`);
    expect(complaint.indexOf('Line 49')).toBeLessThan(complaint.indexOf('Line 48'));
    expect(complaint).toContain('... and 45 more');
  });

  it('says that a record was returned before, and that nothing was recorded', async () => {
    expect(await complaintOf(logs.next({ level: 'INFO' }, { timeout: 1 }))).toBe(
      "No record matched { level: 'INFO' } within 1 ms. Nothing was recorded.",
    );
    logger.log('only');
    await logs.next({ message: 'only' });
    expect(await complaintOf(logs.next({ message: 'other' }, { timeout: 1 }))).toContain(
      "is 'only', not 'other'",
    );
    expect(await complaintOf(logs.next({ message: 'only' }, { timeout: 1 }))).toContain(
      'an earlier next() has returned it',
    );
  });

  it('fails where the test waits: the stack leads there', async () => {
    const error = await logs.next({ message: 'never' }, { timeout: 1 }).catch((reason: unknown) => reason);
    expect((error as Error).stack).toContain('log-recorder.spec.ts');
  });

  it('ends all waits when it is stopped, and when the app is closed', async () => {
    const stopped = complaintOf(logs.next({ message: 'never' }, PATIENT));
    logs.stop();
    logs.stop();
    expect(await stopped).toContain('before the recorder was stopped');
    expect(await complaintOf(logs.next({ message: 'never' }, PATIENT))).toContain('was stopped');
    orders.place(1);
    expect(logs.records).toEqual([]);

    const other = recordLogs(app);
    const closed = complaintOf(other.next({ message: 'never' }, PATIENT));
    await app.close();
    expect(await closed).toContain('before the app was closed');
    expect(await complaintOf(recordLogs(app).next({ message: 'x' }, PATIENT))).toContain('app was closed');
  });

  it('hands on what a predicate throws to who waits with it, and to nobody else', async () => {
    let calls = 0;
    const broken = logs.next(() => {
      calls += 1;
      if (calls === 1) throw new Error('a mistake in the test');
      return true;
    }, PATIENT);
    const system = logs.next({ message: 'Order placed' }, PATIENT);
    const audit = logs.next({ action: 'state_change' }, PATIENT);
    orders.place(1);
    await expect(broken).rejects.toThrow('a mistake in the test');
    expect(await Promise.all([system, audit])).toMatchObject([
      { order_id: 1 },
      { metadata: { order_id: 1 } },
    ]);
    expect(app.get(LogStream).observerFailures).toBe(0);
  });

  it('waits by the real clock while the test has faked it', async () => {
    vi.useFakeTimers();
    try {
      expect(await complaintOf(logs.next({ message: 'never' }, { timeout: 1 }))).toContain('within 1 ms');
    } finally {
      vi.useRealTimers();
    }
  });

  it('leaves nothing behind: no timer, no observer, and the logger that Nest had', async () => {
    logs.stop();
    const nestLogger = (): unknown =>
      (Logger as unknown as { staticInstanceRef?: LoggerService }).staticInstanceRef;
    const [before, had] = [activeResources(), nestLogger()];
    {
      using scoped = recordLogs(app);
      using another = recordLogs(app);
      const found = scoped.next({ message: 'Order placed' }, PATIENT);
      const never = complaintOf(another.next({ message: 'never' }, PATIENT));
      orders.place(1);
      await found;
      another.stop();
      await never;
      expect(nestLogger()).not.toBe(had);
    }
    await turns(2);
    expect(app.get(LogStream).observed).toBe(false);
    expect(nestLogger()).toBe(had);
    expect(addedResources(before)).toEqual({});
  });
});
