import {
  Controller,
  Get,
  Injectable,
  Logger,
  Param,
  UseGuards,
  type CanActivate,
  type INestApplication,
} from '@nestjs/common';
import { Audit, type LogRecord, runInStory } from 'nestjs-log-stream';
import { describe, expect, it } from 'vitest';
import { currentStory } from '../../src/story/current-story.js';
import { exchange } from '../harness/exchange.js';
import { type ExtendedClient, type Item } from '../harness/extended-client.js';
import { monitoredApp } from '../harness/monitored-app.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TRACE = { trace_id: '4bf92f3577b34da6a3ce929d0e0e4736', span_id: '00f067aa0ba902b7' };
const TRACEPARENT = `00-${TRACE.trace_id}-${TRACE.span_id}-01`;

const logger = new Logger('orders');

@Injectable()
class LoggingGuard implements CanActivate {
  canActivate(): boolean {
    logger.log('in a guard');
    return true;
  }
}

@Controller('orders')
@UseGuards(LoggingGuard)
class OrdersController {
  @Get('own')
  own(): string {
    logger.log('has its own', { request_id: 'mine', step: 1 });
    return 'own';
  }

  @Get(':id')
  @Audit('state_change')
  async find(@Param('id') id: string): Promise<string> {
    logger.log('looked up', { id });
    await new Promise((resolve) => setImmediate(resolve));
    logger.log('found', { lines: [1] });
    return id;
  }
}

const started = async (fastify: boolean, options = {}) => {
  let builder = monitoredApp({ logger: false, story: true, ...options }).with({
    controllers: [OrdersController],
    providers: [LoggingGuard],
  });
  if (fastify) builder = builder.onFastify();
  const app = await builder.start();
  const base = `http://127.0.0.1:${app.port}`;
  const records = () =>
    [...app.stream.history].filter(({ message }) => !message.startsWith('Mapped')) as LogRecord[];
  const of = (message: string) => records().filter((record) => record.message === message);
  const get = (path: string, headers = {}) => fetch(`${base}/${path}`, { headers });
  return { app, get, of, records };
};

async function itemOf(client: ExtendedClient, message: string): Promise<Item> {
  const find = () =>
    client.frames.flatMap(({ items }) => items).find(({ data }) => data['message'] === message);
  await client.until(() => find() !== undefined);
  return find()!;
}

describe.each([
  ['Express', false],
  ['Fastify', true],
])('a request on %s', (_, fastify) => {
  it('gives all that is logged in it one request_id: guards, handlers, after waiting, audit records', async () => {
    const { app, get, of } = await started(fastify);
    await using _app = app;
    await Promise.all([get('orders/1'), get('orders/2')]);
    const ids = of('looked up').map(({ story }) => story?.request_id);
    expect(ids.toSorted()).toEqual([...new Set(ids)].toSorted());
    expect(ids).toHaveLength(2);
    for (const id of ids) {
      expect(id).toMatch(UUID);
      for (const message of ['in a guard', 'looked up', 'found', 'state_change succeeded'])
        expect(of(message).filter(({ story }) => story?.request_id === id)).toHaveLength(1);
    }
  });

  it('keeps what its client calls it apart, and only when it is well-formed', async () => {
    const { app, get, of } = await started(fastify);
    await using _app = app;
    await get('orders/1', { 'x-request-id': 'edge-7/a.b:c' });
    expect(of('found')[0]?.story).toMatchObject({ client_request_id: 'edge-7/a.b:c' });
    expect(of('found')[0]?.story?.request_id).toMatch(UUID);
    for (const wrong of ['"quoted"', 'a b', 'x'.repeat(129), '<b>'])
      await get('orders/1', { 'x-request-id': wrong });
    expect(
      of('found')
        .slice(1)
        .map(({ story }) => Object.keys(story ?? {})),
    ).toEqual(Array.from({ length: 4 }, () => ['request_id']));
  });

  it('carries the trace of a traceparent, and of none that is malformed', async () => {
    const { app, get, of } = await started(fastify);
    await using _app = app;
    await get('orders/1', { traceparent: TRACEPARENT });
    expect(of('found')[0]?.story).toMatchObject(TRACE);
    const wrong = [
      `ff${TRACEPARENT.slice(2)}`,
      `${TRACEPARENT}-more`,
      TRACEPARENT.toUpperCase(),
      `00-${'0'.repeat(32)}-${TRACE.span_id}-01`,
      `00-${TRACE.trace_id}-${'0'.repeat(16)}-01`,
      '',
    ];
    for (const traceparent of wrong) await get('orders/1', { traceparent });
    for (const { story } of of('found').slice(1)) expect(story).not.toHaveProperty('trace_id');
  });

  it('is told to extended clients alone: plain frames stay as they are', async () => {
    const { app, get } = await started(fastify);
    await using _app = app;
    await using plain = await app.watch();
    await using extended = await app.watchExtended();
    await get('orders/1', { traceparent: TRACEPARENT });
    const looked = await itemOf(extended, 'looked up');
    expect(looked.data).toMatchObject({
      id: '1',
      request_id: expect.stringMatching(UUID) as unknown,
      ...TRACE,
    });
    const frame = await plain.message('looked up');
    expect(Object.keys(frame.data)).toEqual([
      'timestamp',
      'level',
      'logger',
      'message',
      'module',
      'function',
      'line',
      'id',
    ]);
  });

  it('leaves fields of the call with these names to the call', async () => {
    const { app, get, of } = await started(fastify);
    await using _app = app;
    await using extended = await app.watchExtended();
    await get('orders/own', { traceparent: TRACEPARENT });
    const { data } = await itemOf(extended, 'has its own');
    expect(data).toMatchObject({ request_id: 'mine', step: 1, trace_id: TRACE.trace_id });
    expect(JSON.stringify(data).match(/request_id/g)).toHaveLength(1);
    expect(of('has its own')[0]?.extra).toEqual({ request_id: 'mine', step: 1 });
  });

  it('is found by its id', async () => {
    const { app, get, of } = await started(fastify);
    await using _app = app;
    await Promise.all([get('orders/1'), get('orders/2')]);
    const id = of('found')[0]?.story?.request_id;
    await using client = await app.watchExtended(`where.request_id=${id}&replay=100`);
    expect(await itemOf(client, 'found')).toMatchObject({ data: { request_id: id } });
    expect(await itemOf(client, 'state_change succeeded')).toMatchObject({ data: { request_id: id } });
  });

  it('has no story with `story: false`', async () => {
    const { app, get, of } = await started(fastify, { story: false });
    await using _app = app;
    await get('orders/1');
    expect(of('found')).toHaveLength(1);
    expect(of('found')[0]?.story).toBeUndefined();
  });

  it("includes the app's own middleware, and nothing is left on the server at the end", async () => {
    const builder = monitoredApp({ logger: false, story: true }).with({
      controllers: [OrdersController],
      providers: [LoggingGuard],
    });
    const app = await (fastify ? builder.onFastify() : builder)
      .beforeInit((nest: INestApplication) => {
        nest.use((__: unknown, ___: unknown, next: () => void) => {
          logger.log('in middleware');
          next();
        });
      })
      .start();
    await fetch(`http://127.0.0.1:${app.port}/orders/1`);
    const [first, second] = ['in middleware', 'found'].map((message) =>
      [...app.stream.history].find((record) => record.message === message),
    );
    expect(first?.story?.request_id).toMatch(UUID);
    expect(second?.story).toEqual(first?.story);
    const server = app.httpServer;
    const storyAt = (): unknown => {
      let story: unknown;
      server.removeAllListeners('request').once('request', () => (story = currentStory()));
      server.emit('request', { headers: {} });
      return story;
    };
    expect(storyAt()).toHaveProperty('number', expect.any(Number));
    await app.app.close();
    expect(storyAt()).toBeUndefined();
  });
});

it('covers every address of localhost on Fastify', async () => {
  const builder = monitoredApp({ logger: false, story: true }).with({
    controllers: [OrdersController],
    providers: [LoggingGuard],
  });
  const app = await builder.onFastify().onHost('localhost').start();
  await using _app = app;
  const instance = app.app.getHttpAdapter().getInstance() as {
    addresses(): { address: string; family: string }[];
  };
  const hosts = instance.addresses().map(({ address }) => (address.includes(':') ? `[${address}]` : address));
  for (const host of hosts) expect(await exchange(1, `http://${host}:${app.port}/orders/1`).status).toBe(200);
  const found = [...app.stream.history].filter(({ message }) => message === 'found');
  expect(found).toHaveLength(hosts.length);
  for (const { story } of found) expect(story?.request_id).toMatch(UUID);
});

it('runInStory() gives a job a story of its own, with what it was given on its way', async () => {
  const { app, of } = await started(false);
  await using _app = app;
  logger.log('outside');
  await runInStory(
    async () => {
      logger.log('begins');
      await new Promise((resolve) => setImmediate(resolve));
      logger.log('ends');
    },
    { clientRequestId: 'job-1', traceparent: TRACEPARENT },
  );
  expect(of('outside')[0]?.story).toBeUndefined();
  expect(of('begins')[0]?.story).toMatchObject({ client_request_id: 'job-1', ...TRACE });
  expect(of('ends')[0]?.story).toEqual(of('begins')[0]?.story);
});
