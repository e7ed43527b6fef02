import {
  type CallHandler,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Module,
  type NestInterceptor,
} from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { LogStream, LogStreamModule, type LogStreamOptions, setupLogStreaming } from 'nestjs-log-stream';
import { type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { FOREIGN_ORIGIN, NOT_AUTHORIZED, watchRefused } from '../../src/monitor/monitor.messages.js';
import { bareApp } from '../harness/bare-app.js';
import { eventually, turns } from '../harness/event-loop.js';
import { type MonitoredApp, monitoredApp } from '../harness/monitored-app.js';
import { RecordingLogger } from '../harness/recording-logger.js';
import { StreamClient } from '../harness/stream-client.js';

type Headers = Record<string, string>;

const OPS = 'https://ops.example.com';

function start(platform: string, options: LogStreamOptions = {}): Promise<MonitoredApp> {
  const builder = monitoredApp({ logger: false, ...options });
  if (platform === 'fastify') builder.onFastify();
  return builder.start();
}

function corsOf(client: StreamClient): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(client.response.headers).filter(([name]) => name.startsWith('access-control-')),
  );
}

async function answerOf(client: StreamClient): Promise<string> {
  await client.gone;
  return client.text;
}

describe.each(['express', 'fastify'])('who may read the stream over HTTP on %s', (platform) => {
  it('sees what its principal may see, live and replayed, until it is revoked', async () => {
    const principal = { id: 'ada', categories: ['audit'], filter: { where: { tenant: 'a' } } } as const;
    await using app = await start(platform, { authorize: () => principal });
    const publish = (message: string, tenant: string, is_audit = true): void => {
      app.stream.publish({ message, tenant, is_audit });
    };
    publish('replayed', 'a');
    publish('of another tenant', 'b');
    publish('no audit record', 'a', false);
    await using client = await app.read('replay=100&logger=*');
    await client.until(() => client.messages.includes('replayed'));
    publish('of another tenant, live', 'b');
    publish('live', 'a');
    await client.until(() => client.messages.includes('live'));
    expect(client.messages).toEqual(['replayed', 'live']);
    expect(app.gateway.revoke('ada')).toBe(1);
    await client.gone;
    expect(client.all('closing')[0]!.data).toMatchObject({ reconnect: false });
    expect(app.gateway.clients).toBe(0);
  });

  it.each<[string, number, string, Headers]>([
    ['who names another host, as after DNS rebinding', 401, 'Unauthorized\n', { Host: 'evil.example' }],
    ['who came through a proxy', 401, 'Unauthorized\n', { 'X-Forwarded-For': '203.0.113.9' }],
    ['a page of another host', 403, 'Forbidden\n', { Origin: 'https://evil.example' }],
    ['an image of another site', 403, 'Forbidden\n', { 'Sec-Fetch-Site': 'cross-site' }],
    ['a script of a neighbour', 403, 'Forbidden\n', { 'Sec-Fetch-Site': 'same-site' }],
  ])('is not %s: %i', async (_, status, body, headers) => {
    await using app = await start(platform);
    await using client = await app.read('', { Connection: 'close', ...headers });
    expect(client.status).toBe(status);
    expect(await answerOf(client)).toBe(body);
    expect(corsOf(client)).toEqual({});
    expect(app.gateway.clients).toBe(0);
    expect(app.gateway.counters).toMatchObject({ refused: 1, connected: 0 });
  });

  it.each<[string, Headers]>([
    ['a program on this machine', {}],
    ['a page of the same host, which a browser tells apart', { 'Sec-Fetch-Site': 'same-origin' }],
    ['somebody who types the address', { 'Sec-Fetch-Site': 'none' }],
    ['a page of a development server, though it may not see the answer', { Origin: 'http://localhost:5173' }],
  ])('is %s', async (_, headers) => {
    await using app = await start(platform);
    await using client = await app.read('', headers);
    expect(client.status).toBe(200);
    expect(corsOf(client)).toEqual({});
  });

  it.each(['', 'format=ndjson', 'level=NO'])(
    'is a page of an allowed origin, and no other: %o',
    async (query) => {
      await using app = await start(platform, { allowedOrigins: [OPS] });
      await using client = await app.read(query, { Origin: OPS, 'Sec-Fetch-Site': 'cross-site' });
      expect(client.status).toBe(query === 'level=NO' ? 400 : 200);
      expect(corsOf(client)).toEqual({
        'access-control-allow-origin': OPS,
        'access-control-allow-credentials': 'true',
      });
      expect(client.response.headers['vary']).toBe('Accept, Origin');
      await using other = await app.read(query, { Origin: 'http://ops.example.com' });
      expect(other.status).toBe(403);
      expect(corsOf(other)).toEqual({});
    },
  );

  it('is whom authorize says, by the request itself', async () => {
    const seen: unknown[] = [];
    await using app = await start(platform, {
      authorize: async ({ url, headers, socket }) => {
        seen.push([url, typeof socket.remoteAddress]);
        return headers.authorization === 'Bearer good';
      },
    });
    await using good = await app.read('level=INFO', { Authorization: 'Bearer good' });
    await using bad = await app.read('level=NO', { Authorization: 'Bearer bad' });
    expect([good.status, bad.status]).toEqual([200, 401]);
    expect(seen).toEqual([
      ['/monitor/stream?level=INFO', 'string'],
      ['/monitor/stream?level=NO', 'string'],
    ]);
  });

  it.each<[string, Headers, object]>([
    ['level=LOUD', {}, { code: 'invalid_filter', path: 'filter.level' }],
    ['replay=x', {}, { code: 'invalid_replay', path: 'replay' }],
    ['v=2', {}, { code: 'unsupported_version', path: 'v' }],
    ['format=xml', {}, { code: 'invalid_format', path: 'format' }],
    ['', { 'Last-Event-ID': 'x'.repeat(65) }, { code: 'invalid_replay', path: 'Last-Event-ID' }],
  ])('is told what is wrong with %o %o: 400', async (query, headers, error) => {
    await using app = await start(platform);
    await using client = await app.read(query, { Connection: 'close', ...headers });
    expect(client.status).toBe(400);
    expect(client.response.headers['content-type']).toBe('application/json');
    const answer = JSON.parse(await answerOf(client)) as object;
    expect(answer).toEqual({ ...error, message: expect.any(String) });
    expect([...app.gateway.counters.errors.values()]).toEqual([1]);
  });

  it('is nobody once the app shuts down, also who is still waiting for authorize: 503', async () => {
    let asked = 0;
    const app = await start(platform, {
      authorize: () => {
        asked += 1;
        return new Promise(() => {});
      },
    });
    const waiting = app.read();
    await eventually(() => asked === 1);
    const [client] = await Promise.all([waiting, app.close()]);
    expect(client.status).toBe(503);
    await client.gone;
  });

  it('is decided without those who left meanwhile', async () => {
    let decide: ((allowed: boolean) => void) | undefined;
    await using app = await start(platform, {
      authorize: () => new Promise<boolean>((resolve) => (decide = resolve)),
    });
    const gone = new AbortController();
    const asking = app.request('/monitor/stream', { signal: gone.signal }).catch(() => {});
    await eventually(() => decide !== undefined);
    gone.abort();
    await asking;
    await turns(20);
    decide!(true);
    await turns(5);
    expect(app.gateway.counters.connected).toBe(0);
    expect(app.stream.observed).toBe(false);
  });

  it.each(['/api', ''])(
    'does not depend on the app’s guards, interceptors, CORS and prefix, as %o',
    async (prefix) => {
      const calls: string[] = [];
      const guard: CanActivate = {
        canActivate(context: ExecutionContext): boolean {
          calls.push(`guard ${context.getClass().name}`);
          return true;
        },
      };
      const interceptor: NestInterceptor = {
        intercept(context: ExecutionContext, next: CallHandler) {
          calls.push(`interceptor ${context.getClass().name}`);
          return next.handle();
        },
      };
      @Controller()
      class Everything {
        @Get(platform === 'fastify' ? '*' : '*path')
        all(): string {
          return 'everything';
        }
      }
      @Module({
        imports: [LogStreamModule.forRoot({ logger: false })],
        controllers: [Everything],
        providers: [
          { provide: APP_GUARD, useValue: guard },
          { provide: APP_INTERCEPTOR, useValue: interceptor },
        ],
      })
      class AppModule {}
      const testing = await Test.createTestingModule({ imports: [AppModule] }).compile();
      const app =
        platform === 'fastify'
          ? testing.createNestApplication(new FastifyAdapter())
          : testing.createNestApplication();
      setupLogStreaming(app);
      app.setGlobalPrefix(prefix);
      app.enableCors();
      await app.listen(0, '127.0.0.1');
      try {
        const base = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
        await using client = await StreamClient.connect(`${base}/monitor/stream`, { Origin: base });
        expect(client.status).toBe(200);
        expect(corsOf(client)).toEqual({});
        app.get(LogStream).publish({ message: 'through' });
        await client.message('through');
        expect(calls).toEqual([]);
        const own = await fetch(`${base}${prefix}/anything`, { headers: { Origin: 'https://any.example' } });
        expect(await own.text()).toBe('everything');
        expect(own.headers.get('access-control-allow-origin')).toBe('*');
        expect(calls).toEqual(['guard Everything', 'interceptor Everything']);
      } finally {
        await app.close();
      }
    },
  );
});

describe('a refusal', () => {
  it('is told to the operator, with the path of the stream', async () => {
    const logger = new RecordingLogger();
    await using app = await monitoredApp({ logger, authorize: () => false }).start();
    await using first = await app.read('', { Origin: 'https://evil.example' });
    await using second = await app.read();
    await using third = await app.read();
    expect([first.status, second.status, third.status]).toEqual([403, 401, 401]);
    await eventually(() => app.gateway.counters.refused === 3);
    expect(logger.matching('Refused')).toHaveLength(2);
    expect(logger.matching(watchRefused('/monitor/stream', FOREIGN_ORIGIN, 0))).toHaveLength(1);
    expect(logger.matching(watchRefused('/monitor/stream', NOT_AUTHORIZED, 0))).toHaveLength(1);
  });
});

describe('the path of the stream', () => {
  it('is each module’s own, also from a factory, and two apps do not disturb each other', async () => {
    await using first = await bareApp({ stream: { path: '/one/stream' } });
    await using second = await monitoredApp()
      .importing(
        LogStreamModule.forRootAsync({
          useFactory: async () => ({ logger: false, stream: { path: '/two' } }),
        }),
      )
      .start();
    await using one = await first.read('', {}, '/one/stream');
    await using two = await second.read('', {}, '/two');
    expect([one.status, two.status]).toEqual([200, 200]);
    expect((await first.request('/two')).status).toBe(404);
    expect((await first.request('/monitor/stream')).status).toBe(404);
    expect((await second.request('/one/stream')).status).toBe(404);
    first.stream.publish({ message: 'first' });
    second.stream.publish({ message: 'second' });
    await one.message('first');
    await two.message('second');
    expect([one.messages, two.messages]).toEqual([['first'], ['second']]);
  });

  it.each(['express', 'fastify'])('is free with stream: false, on %s', async (platform) => {
    await using app = await start(platform, { stream: false });
    expect((await app.request('/monitor/stream')).status).toBe(404);
    await using client = await app.watch();
    expect(client.texts).toEqual([]);
  });

  it('takes GET alone', async () => {
    await using app = await bareApp();
    expect((await app.request('/monitor/stream', { method: 'POST' })).status).toBe(404);
  });
});
