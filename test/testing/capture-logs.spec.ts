import { ConsoleLogger, Logger, type LoggerService } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { LogStream, LogStreamModule, setupLogStreaming } from 'nestjs-log-stream';
import { captureLogs, recordLogs } from 'nestjs-log-stream/testing';
import { describe, expect, it, vi } from 'vitest';
import { monitoredApp } from '../harness/monitored-app.js';
import { Orders, ordersApp, ordersModule } from './orders.js';

/** The logger that Nest uses right now. */
function nestLogger(): LoggerService | undefined {
  return (Logger as unknown as { staticInstanceRef?: LoggerService }).staticInstanceRef;
}

const messagesOf = (records: readonly { message: string }[]): string[] =>
  records.map(({ message }) => message);

describe('captureLogs', () => {
  it('captures system and audit records of a block in order, and gives its result', async () => {
    const app = await ordersModule();
    const orders = app.get(Orders);
    orders.place(1);
    const { records, system, audit, result } = await captureLogs(app, () => orders.place(2));
    orders.place(3);
    expect(result).toBe(20);
    expect(records).toEqual([
      {
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        level: 'INFO',
        logger: 'orders',
        message: 'Order placed',
        module: 'orders',
        function: 'place',
        line: expect.any(Number),
        order_id: 2,
        lines: [{ sku: 'A' }, { sku: 'B' }],
      },
      {
        timestamp: expect.any(String),
        level: 'INFO',
        logger: 'audit.orders',
        message: 'Order 2 placed',
        action: 'state_change',
        metadata: { order_id: 2 },
      },
    ]);
    expect(system).toEqual(records.slice(0, 1));
    expect(audit).toEqual(records.slice(1));
    await app.close();
  });

  it('gives records as a plain client of the monitor gets them', async () => {
    await using app = await monitoredApp({ logger: false }).start();
    await using client = await app.watch();
    const { records } = await captureLogs(app.app, () => {
      new Logger('wire').warn('High memory', new Error('why'), { memory_mb: 512, password: 'x', 404: 1 });
      app.stream.publish({ message: 'Done', is_audit: true, action: 'finish', metadata: { a: [1] } });
    });
    await client.count(records.length);
    expect(client.frames.map(({ data }) => data)).toEqual(records);
    expect(records).toHaveLength(2);
  });

  it('works without a history', async () => {
    const app = await ordersModule({ logger: false, history: false });
    const { records } = await captureLogs(app, () => app.get(Orders).place(1));
    expect(messagesOf(records)).toEqual(['Order placed', 'Order 1 placed']);
    await app.close();
  });

  it('follows what a block awaits, and leaves out what another block logs meanwhile', async () => {
    const app = await ordersModule();
    const orders = app.get(Orders);
    const blocks = await Promise.all([1, 2, 3].map((id) => captureLogs(app, () => orders.ship(id))));
    for (const [index, { records }] of blocks.entries()) {
      expect(records).toMatchObject([
        { message: 'Shipping', order_id: index + 1 },
        { message: 'Shipped', order_id: index + 1 },
      ]);
    }
    await app.close();
  });

  it('gives an outer block what an inner one logs', async () => {
    const app = await ordersModule();
    const logger = new Logger('block');
    const outer = await captureLogs(app, async () => {
      logger.log('before');
      const inner = await captureLogs(app, () => logger.log('inside'));
      logger.log('after');
      return inner.records;
    });
    expect(messagesOf(outer.result)).toEqual(['inside']);
    expect(messagesOf(outer.records)).toEqual(['before', 'inside', 'after']);
    await app.close();
  });

  it('tells the apps of one process apart, though Nest has one logger for all', async () => {
    const [first, second] = [await ordersModule(), await ordersModule()];
    setupLogStreaming(second);
    const [ofFirst, ofSecond] = await Promise.all([
      captureLogs(first, () => first.get(Orders).ship(1)),
      captureLogs(second, () => second.get(Orders).ship(2)),
    ]);
    expect(ofFirst.records.map(({ order_id }) => order_id)).toEqual([1, 1]);
    expect(ofSecond.records.map(({ order_id }) => order_id)).toEqual([2, 2]);
    await Promise.all([first.close(), second.close()]);
  });

  it('gives a line of no block to the app that was set up last, as Nest does', async () => {
    const [first, second] = [await ordersModule(), await ordersModule()];
    setupLogStreaming(first);
    using ofFirst = recordLogs(first);
    using ofSecond = recordLogs(second);
    new Logger('x').log('whose?');
    expect(messagesOf(ofFirst.records)).toEqual(['whose?']);
    expect(ofSecond.records).toEqual([]);
    await Promise.all([first.close(), second.close()]);
  });

  it('captures what answers the requests of a block, and the audit records of its responses', async () => {
    const { app, url } = await ordersApp();
    const { records, result } = await captureLogs(app, () => fetch(`${url}/orders/7`, { method: 'POST' }));
    expect(result.status).toBe(201);
    expect(records).toMatchObject([
      { message: 'Order placed', order_id: 7 },
      { action: 'state_change' },
      { action: 'message_received', outcome: 'success' },
    ]);
    await app.close();
  });

  it('waits for what the last turn of a block has set going, as the end of a response', async () => {
    const app = await ordersModule();
    const { records } = await captureLogs(app, () => void setImmediate(() => new Logger('x').log('late')));
    expect(messagesOf(records)).toEqual(['late']);
    await app.close();
  });

  it('starts a lazy request inside of the block', async () => {
    const app = await ordersModule();
    const orders = app.get(Orders);
    // oxlint-disable-next-line unicorn/no-thenable -- what supertest and query builders return
    const lazy = { then: (resolve: (value: number) => void) => resolve(orders.place(4)) };
    const other = captureLogs(app, () => orders.ship(5));
    const { records, result } = await captureLogs(app, () => lazy as unknown as Promise<number>);
    expect(result).toBe(40);
    expect(messagesOf(records)).toEqual(['Order placed', 'Order 4 placed']);
    expect(messagesOf((await other).records)).toEqual(['Shipping', 'Shipped']);
    await app.close();
  });

  it('throws what the block throws, and leaves nothing behind', async () => {
    const app = await ordersModule();
    const before = nestLogger();
    const orders = app.get(Orders);
    await expect(captureLogs(app, () => orders.decline(1))).rejects.toThrow('card of order 1 declined');
    expect(app.get(LogStream).observed).toBe(false);
    expect(nestLogger()).toBe(before);
    const { matching } = await captureLogs(app, () => expect(orders.decline(2)).rejects.toThrow());
    expect(matching({ level: 'ERROR' })).toMatchObject([
      { logger: 'orders', order_id: 2, error: { name: 'Error', message: 'card of order 2 declined' } },
    ]);
    await app.close();
  });

  it('leaves out the fields that `omit` names', async () => {
    const app = await ordersModule();
    const { records } = await captureLogs(
      app,
      () =>
        new Logger('x').error('Failed', new TypeError('why', { cause: new Error('deep') }), { a: { b: 1 } }),
      {
        omit: [
          'timestamp',
          'module',
          'function',
          'line',
          'error.stack',
          'error.cause.stack',
          'a.b',
          'no.such',
        ],
      },
    );
    expect(records).toStrictEqual([
      {
        level: 'ERROR',
        logger: 'x',
        message: 'Failed',
        a: {},
        error: { name: 'TypeError', message: 'why', cause: { name: 'Error', message: 'deep' } },
      },
    ]);
    await app.close();
  });

  it('prints nothing with `logger: false`, and what was printed before without it', async () => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    try {
      const fail = (): void => new Logger('x').error('Printed by Nest');
      await captureLogs(await ordersModule(), fail);
      expect([...write.mock.calls, ...out.mock.calls]).toEqual([]);
      await captureLogs(await ordersModule({}), fail);
      expect(String(write.mock.calls)).toContain('Printed by Nest');
    } finally {
      write.mockRestore();
      out.mockRestore();
    }
  });

  it('uses the app as it was set up', async () => {
    const lines: unknown[] = [];
    class Inner extends ConsoleLogger {
      override log(message: unknown): void {
        lines.push(message);
      }
    }
    const app = setupLogStreaming(await ordersModule({ logger: new Inner() }));
    const { records } = await captureLogs(app, () => new Logger('x').log('once'));
    expect(messagesOf(records)).toEqual(['once']);
    expect(lines).toEqual(['once']);
    await app.close();
  });

  it('says what to import where there is no stream', async () => {
    const app = await Test.createTestingModule({}).compile();
    await expect(captureLogs(app, () => 1)).rejects.toThrow('import LogStreamModule.forRoot(');
    await app.close();
  });

  it('warns when another app took over the logger of Nest meanwhile', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
    try {
      const app = await ordersModule();
      const recorder = recordLogs(app);
      const other = await Test.createTestingModule({ imports: [LogStreamModule.forRoot()] }).compile();
      const theirs = nestLogger();
      recorder.stop();
      expect(warn).toHaveBeenCalledExactlyOnceWith(
        expect.stringContaining('was replaced'),
        'LogStreamWarning',
      );
      expect(nestLogger()).toBe(theirs);
      await Promise.all([app.close(), other.close()]);
    } finally {
      warn.mockRestore();
    }
  });
});
