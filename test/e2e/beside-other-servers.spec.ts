import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Controller, Get, Header, type INestApplication, Post, Req } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
import { GraphQLModule, Query, Resolver, Subscription } from '@nestjs/graphql';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { WsAdapter } from '@nestjs/platform-ws';
import { Test } from '@nestjs/testing';
import { createClient } from 'graphql-ws';
import { LogStream, LogStreamModule, MonitorGateway, setupLogStreaming } from 'nestjs-log-stream';
import { type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { needsUpgrade, noSlashAtEnd } from '../../src/monitor/monitor.messages.js';
import { EchoGateway, echoByWs, outcomeOf } from '../harness/gateways.js';
import { type MonitoredApp, monitoredApp } from '../harness/monitored-app.js';
import { answersTo } from '../harness/plain-upgrade.js';

@Controller('app')
class AppController {
  @Get()
  @Header('Content-Type', 'text/plain')
  get(): string {
    return 'of the app';
  }

  @Post()
  @Header('Content-Type', 'text/plain')
  async post(@Req() request: { body?: unknown; raw?: unknown } & IncomingMessage): Promise<string> {
    return `got ${JSON.stringify(request.body)}`;
  }
}

/** The monitor works, whatever else does. */
async function watchable(app: MonitoredApp): Promise<void> {
  await using client = await app.watch();
  app.stream.publish({ message: 'seen' });
  await client.message('seen');
}

const firstMessage = (url: string, send?: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.once('error', reject);
    socket.once('open', () => send !== undefined && socket.send(send));
    socket.once('message', (data: Buffer) => {
      resolve(data.toString());
      socket.terminate();
    });
  });

describe('beside the monitor, which only imports the module', () => {
  @Resolver()
  class Counter {
    @Query(() => String)
    ping(): string {
      return 'pong';
    }

    @Subscription(() => String)
    async *counted(): AsyncGenerator<{ counted: string }> {
      yield { counted: 'one' };
      yield { counted: 'two' };
    }
  }

  it.each(['/graphql', '/ws/graphql'])('GraphQL subscriptions of the app work, at %s', async (path) => {
    const graphql = GraphQLModule.forRoot<ApolloDriverConfig>({
      driver: ApolloDriver,
      autoSchemaFile: true,
      path,
      subscriptions: { 'graphql-ws': { path } },
    });
    await using app = await monitoredApp()
      .with({ imports: [graphql], providers: [Counter] })
      .withoutSetup()
      .start();
    const client = createClient({ url: app.url(path), webSocketImpl: WebSocket, retryAttempts: 0 });
    const got: unknown[] = [];
    for await (const { data } of client.iterate<{ counted: string }>({ query: 'subscription { counted }' })) {
      got.push(data?.counted);
    }
    await client.dispose();
    expect(got).toEqual(['one', 'two']);
    await watchable(app);
  });

  it.each(['before the app starts', 'after it listens'])(
    'a listener for upgrades that is added %s has what is its own',
    async (when) => {
      const listen = (server: Server): void => {
        server.on('upgrade', (request, socket) => {
          // As those do that take all upgrades for their own.
          if (request.url === '/mine') socket.end('HTTP/1.1 418 Mine\r\n\r\n');
          else socket.destroy();
        });
      };
      const builder = monitoredApp();
      if (when.startsWith('before')) builder.beforeInit((nest) => listen(nest.getHttpServer() as Server));
      await using app = await builder.withoutSetup().start();
      if (when.startsWith('after')) listen(app.httpServer);
      await using mine = await app.watchRaw('/mine');
      expect(mine.status).toBe(418);
      expect(await outcomeOf(app.url('/nowhere'))).toMatch(/hang up|ECONNRESET/);
      await watchable(app);
    },
  );

  it.each(['before the app starts', 'after it listens'])(
    'a server of ws that the app makes %s serves its path, and not ours',
    async (when) => {
      let server: WebSocketServer | undefined;
      const serve = (http: Server): void => {
        server = new WebSocketServer({ server: http, path: '/mine' });
        server.on('connection', (client) => client.send('hello of mine'));
      };
      const builder = monitoredApp();
      if (when.startsWith('before')) builder.beforeInit((nest) => serve(nest.getHttpServer() as Server));
      await using app = await builder.withoutSetup().start();
      if (when.startsWith('after')) serve(app.httpServer);
      expect(await firstMessage(app.url('/mine'))).toBe('hello of mine');
      expect(await outcomeOf(app.url('/nowhere'))).toBe('Unexpected server response: 400');
      await watchable(app);
      expect(server!.clients.size).toBeLessThanOrEqual(1);
      server!.close();
    },
  );

  it('an adapter that the app sets late, but before it starts, serves its gateways', async () => {
    await using app = await monitoredApp()
      .webSocketAdapterAfterSetup((nest) => new WsAdapter(nest))
      .with({ providers: [EchoGateway] })
      .start();
    expect(await echoByWs(app.url('/echo'), 'hi')).toBe('hi');
    await watchable(app);
  });

  it('an adapter of the app is kept: what is called on it, is called on that one', async () => {
    class Own extends WsAdapter {
      readonly created: unknown[] = [];
      override create(port: number, options?: Record<string, unknown>): unknown {
        this.created.push(options?.['path']);
        return super.create(port, options as never) as unknown;
      }
    }
    let own: Own | undefined;
    await using app = await monitoredApp()
      .webSocketAdapter((nest) => (own = new Own(nest)))
      .with({ providers: [EchoGateway] })
      .start();
    expect(own!.created).toEqual(['/echo']);
    expect(await echoByWs(app.url('/echo'), 'hi')).toBe('hi');
    await watchable(app);
  });

  it('a second module of ours, at a path of its own, works', async () => {
    await using app = await monitoredApp()
      .importing(
        LogStreamModule.forRoot({ logger: false }),
        LogStreamModule.forRoot({ logger: false, path: '/other', stream: false, dashboard: false }),
      )
      .withoutSetup()
      .start();
    expect(await outcomeOf(app.url('/other'))).toBe('open');
    expect(await outcomeOf(app.url())).toBe('open');
    expect(await answersTo(app.port, [{ path: '/nowhere' }])).toEqual([expect.stringContaining(' 404 ')]);
  });

  it('nothing is left on the server of the app when it has closed', async () => {
    const app = await monitoredApp().withoutSetup().start();
    const { httpServer } = app;
    expect(Object.hasOwn(httpServer, 'emit')).toBe(true);
    await watchable(app);
    await app.close();
    expect(Object.hasOwn(httpServer, 'emit')).toBe(false);
    expect(httpServer.listenerCount('upgrade')).toBe(0);
  });
});

describe.each(['express', 'fastify'])(
  'on %s, a request that asks to upgrade to what nobody serves',
  (platform) => {
    const builder = () => {
      const one = monitoredApp()
        .with({ controllers: [AppController] })
        .withoutSetup();
      return platform === 'fastify' ? one.onFastify() : one;
    };
    const withoutUs = async (): Promise<INestApplication> => {
      const testing = await Test.createTestingModule({ controllers: [AppController] }).compile();
      const app =
        platform === 'fastify'
          ? testing.createNestApplication<INestApplication>(new FastifyAdapter())
          : testing.createNestApplication();
      await app.listen(0, '127.0.0.1');
      return app;
    };
    const sameForBoth = async (...requests: Parameters<typeof answersTo>[1][number][]): Promise<string[]> => {
      const plain = await withoutUs();
      await using app = await builder().start();
      const { port } = plain.getHttpServer().address() as AddressInfo;
      const comparable = (answers: string[]): string[] =>
        answers.map((text) => text.replace(/^date: .*$/im, 'Date'));
      const expected = comparable(await answersTo(port, requests));
      await plain.close();
      expect(comparable(await answersTo(app.port, requests))).toEqual(expected);
      await watchable(app);
      return expected;
    };

    it('is answered by the app as it was without us: Java asks for h2c with every request', async () => {
      const [answer] = await sameForBoth({ path: '/app' });
      expect(answer).toMatch(/^HTTP\/1.1 200 [^]*of the app$/);
    });

    it('has its body', async () => {
      const [answer] = await sameForBoth({
        method: 'POST',
        path: '/app',
        body: JSON.stringify({ b: 'b'.repeat(90_000) }),
      });
      expect(answer).toContain('got {"b":"bbb');
      expect(answer).toMatch(/^HTTP\/1.1 201/);
    });

    it('is answered also where a WebSocket is asked for', async () => {
      const [answer] = await sameForBoth({ path: '/nowhere', protocol: 'websocket' });
      expect(answer).toMatch(/^HTTP\/1.1 404/);
    });

    it('may be one of many on a connection, which costs no listeners', async () => {
      const warnings: Error[] = [];
      const note = (warning: Error): void => void warnings.push(warning);
      process.on('warning', note);
      const requests = Array.from({ length: 30 }, () => ({ path: '/app' }));
      expect(await sameForBoth(...requests)).toHaveLength(30);
      process.off('warning', note);
      expect(warnings).toEqual([]);
    });

    it('may be sent before the last one is answered', async () => {
      await using app = await builder().start();
      const requests = Array.from({ length: 5 }, (_, n) => ({ path: n === 2 ? '/nowhere' : '/app' }));
      const answers = await answersTo(app.port, requests, { pipelined: true });
      expect(answers.map((answer) => answer.slice(9, 12))).toEqual(['200', '200', '404', '200', '200']);
    });

    it('at our own path is told what is spoken there', async () => {
      await using app = await builder().start();
      const [answer] = await answersTo(app.port, [{ path: '/ws/monitor' }]);
      expect(answer).toMatch(/^HTTP\/1.1 426/);
      expect(answer).toMatch(/^upgrade: websocket/im);
      expect(answer).toContain(needsUpgrade('/ws/monitor'));
    });

    it.each(['http://127.0.0.1', 'HTTP://localhost:1', 'wss://127.0.0.1:80'])(
      'of a proxy that sends the whole URL, with %s, is decided by `authorize`; by default it is from elsewhere',
      async (origin) => {
        const requests = [{ path: `${origin}/ws/monitor?v=1`, protocol: 'websocket' }];
        await using app = await monitoredApp({ logger: false, authorize: () => true }).start();
        expect((await answersTo(app.port, requests))[0]).toMatch(/^HTTP\/1.1 101 /);
        await using closed = await builder().start();
        expect((await answersTo(closed.port, requests))[0]).toMatch(/^HTTP\/1.1 401 /);
      },
    );

    it.each([
      'Connection: keep-alive, Upgrade\r\nUpgrade: websocket',
      'Connection: keep-alive\r\nUpgrade: WebSocket\r\nConnection: upgrade',
    ])('is served however its headers are written: %j', async (headers) => {
      await using app = await builder().start();
      const [answer] = await answersTo(app.port, [{ path: '/ws/monitor', headers }]);
      expect(answer!.match(/^HTTP\/1.1 101 |^upgrade: websocket/gim)).toHaveLength(2);
    });

    it.each(['', 'a b', '[::', 'localhost:99999', 'localhost, localhost', '\u00ff'])(
      'with the host %j is refused, and nothing breaks',
      async (host) => {
        await using app = await builder().start();
        const requests = [{ path: '/ws/monitor', protocol: 'websocket', host }];
        const [answer] = await answersTo(app.port, requests);
        expect(answer).toMatch(/^HTTP\/1.1 401 /);
        await watchable(app);
      },
    );

    it('with a slash too many is told so', async () => {
      await using app = await builder().start();
      await using client = await app.watchRaw('/ws/monitor/?replay=5');
      expect(client.status).toBe(404);
      await client.gone;
      const response = await app.request('/ws/monitor/');
      expect([response.status, await response.text()]).toEqual([426, `${needsUpgrade('/ws/monitor')}\n`]);
      const [answer] = await answersTo(app.port, [{ path: '/ws/monitor/', protocol: 'WebSocket' }]);
      expect(answer).toContain(noSlashAtEnd('/ws/monitor'));
    });
  },
);

describe('importing the module is enough to boot', () => {
  const testing = (providers: never[] | [typeof EchoGateway] = []) =>
    Test.createTestingModule({ imports: [LogStreamModule.forRoot({ logger: false })], providers }).compile();

  it('an app of a testing module that is never listened to', async () => {
    const app = (await testing()).createNestApplication();
    await app.init();
    expect(app.get(LogStream).publish({ message: 'x' })).toBeDefined();
    await app.close();
  });

  it('a testing module that makes no app', async () => {
    const module = await testing();
    await module.init();
    expect(module.get(MonitorGateway).clients).toBe(0);
    await module.close();
  });

  it.each([
    ['none', undefined],
    ['the one of ws', WsAdapter],
    ['the one of socket.io', IoAdapter],
  ])('an app that sets as adapter %s', async (_, Adapter) => {
    const app = (await testing([EchoGateway])).createNestApplication();
    if (Adapter) app.useWebSocketAdapter(new Adapter(app));
    setupLogStreaming(app);
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    expect(await outcomeOf(`ws://127.0.0.1:${port}/ws/monitor`)).toBe('open');
    await app.close();
  });

  it('and somebody may look at the adapter before the app sets its own', async () => {
    const app = (await testing([EchoGateway])).createNestApplication();
    expect(app.get(ApplicationConfig).getIoAdapter()).toBeDefined();
    app.useWebSocketAdapter(new WsAdapter(app));
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    expect(await echoByWs(`ws://127.0.0.1:${port}/echo`, 'hi')).toBe('hi');
    expect(await outcomeOf(`ws://127.0.0.1:${port}/ws/monitor`)).toBe('open');
    await app.close();
  });
});
