import { type INestApplication } from '@nestjs/common';
import { ApplicationConfig, NestFactory } from '@nestjs/core';
import { Transport } from '@nestjs/microservices';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { WsAdapter } from '@nestjs/platform-ws';
import { Test } from '@nestjs/testing';
import { WebSocketGateway } from '@nestjs/websockets';
import { LogStream, LogStreamModule, MonitorGateway, setupLogStreaming } from 'nestjs-log-stream';
import { describe, expect, it } from 'vitest';
import { foreignAdapter, needsUpgrade, pathTaken } from '../../src/monitor/monitor.messages.js';
import { eventually } from '../harness/event-loop.js';
import {
  connectBySocketIo,
  EchoGateway,
  echoByWs,
  echoOf,
  foreignWsAdapter,
  outcomeOf,
  SocketIoGateway,
} from '../harness/gateways.js';
import { monitoredApp, type MonitoredApp } from '../harness/monitored-app.js';
import { activeResources } from '../harness/own-timers.js';
import { onNest12 } from '../harness/nest-version.js';

const ws = (app: INestApplication): WsAdapter => new WsAdapter(app);
const socketIo = (app: INestApplication): IoAdapter => new IoAdapter(app);

/** What a plain client gets from the monitor for two records and a question, whatever else the app serves. */
async function served(app: MonitoredApp, path?: string): Promise<string[]> {
  const others = app.gateway.clients;
  const client = await app.watch(path);
  app.stream.publish({ message: 'system' });
  app.stream.publish({ message: 'audit', logger: 'audit.x' });
  await client.count(2);
  client.socket.send('{"event":"x","id":1}');
  await client.count(3);
  expect(app.gateway.clients).toBe(others + 1);
  await client[Symbol.asyncDispose]();
  await eventually(() => app.gateway.clients === others);
  expect(app.stream.observed).toBe(others > 0);
  return client.frames.map(({ type }) => type);
}

const EVERYTHING = ['system_log', 'audit_log', 'error'];

describe.each(['express', 'fastify'])('on %s, the monitor', (platform) => {
  const builder = (options?: Parameters<typeof monitoredApp>[0]) =>
    platform === 'fastify' ? monitoredApp(options).onFastify() : monitoredApp(options);

  it('is served in an app that sets no adapter', async () => {
    await using app = await builder().start();
    expect(await served(app)).toEqual(EVERYTHING);
  });

  it('is served by the ws adapter that the app set', async () => {
    await using app = await builder().webSocketAdapter(ws).start();
    expect(await served(app)).toEqual(EVERYTHING);
  });

  it('is served by the ws adapter without setupLogStreaming', async () => {
    await using app = await builder().webSocketAdapter(ws).withoutSetup().start();
    expect(await served(app)).toEqual(EVERYTHING);
  });

  it('is served beside the own ws gateways of the app', async () => {
    await using app = await builder()
      .webSocketAdapter(ws)
      .with({ providers: [EchoGateway] })
      .start();
    expect(await served(app)).toEqual(EVERYTHING);
    expect(await echoByWs(app.url('/echo'), 'hi')).toBe('hi');
    expect(await served(app)).toEqual(EVERYTHING);
  });

  it('is served beside socket.io that the app set, without gateways of its own', async () => {
    await using app = await builder().webSocketAdapter(socketIo).start();
    expect(await served(app)).toEqual(EVERYTHING);
  });

  it.each(['websocket', 'polling'] as const)(
    'is served beside own gateways on socket.io that the app set, spoken over %s',
    async (transport) => {
      await using app = await builder()
        .webSocketAdapter(socketIo)
        .with({ providers: [SocketIoGateway] })
        .start();
      const socket = await connectBySocketIo(app.port, transport);
      await using client = await app.watch();
      expect(await echoOf(socket, { n: 1 })).toEqual({ n: 1 });
      app.stream.publish({ message: 'beside' });
      await client.message('beside');
      expect(await echoOf(socket, 'again')).toBe('again');
      expect(await served(app)).toEqual(EVERYTHING);
      socket.close();
    },
  );

  it.each(['websocket', 'polling'] as const)(
    "is served beside own gateways on socket.io as Nest's default, spoken over %s",
    async (transport) => {
      await using app = await builder()
        .with({ providers: [SocketIoGateway] })
        .start();
      const socket = await connectBySocketIo(app.port, transport);
      expect(await served(app)).toEqual(EVERYTHING);
      expect(await echoOf(socket, 'hi')).toBe('hi');
      socket.close();
    },
  );

  it('says over HTTP what is spoken there', async () => {
    await using app = await builder()
      .with({ providers: [SocketIoGateway] })
      .start();
    const response = await app.request('/ws/monitor');
    expect(response.status).toBe(426);
    expect(await response.text()).toBe(`${needsUpgrade('/ws/monitor')}\n`);
  });

  it('takes its path from options that are known only later', async () => {
    await using app = await builder()
      .importing(LogStreamModule.forRootAsync({ useFactory: async () => ({ logger: false, path: '/late' }) }))
      .start();
    expect(await served(app, '/late')).toEqual(EVERYTHING);
    expect(await outcomeOf(app.url())).not.toBe('open');
  });
});

describe('an upgrade on a path that nobody serves', () => {
  it('ends with ws as it would without this package', async () => {
    const testing = await Test.createTestingModule({ providers: [EchoGateway] }).compile();
    const plain = testing.createNestApplication();
    plain.useWebSocketAdapter(new WsAdapter(plain));
    await plain.listen(0, '127.0.0.1');
    await using app = await monitoredApp()
      .webSocketAdapter(ws)
      .with({ providers: [EchoGateway] })
      .start();
    const { port } = plain.getHttpServer().address() as { port: number };
    const expected = await outcomeOf(`ws://127.0.0.1:${port}/nowhere`);
    await plain.close();
    expect(expected).not.toBe('open');
    expect(await outcomeOf(app.url('/nowhere'))).toBe(expected);
  });

  it('ends with socket.io as it would without this package: after a second', async () => {
    await using app = await monitoredApp()
      .with({ providers: [SocketIoGateway] })
      .start();
    expect(await outcomeOf(app.url('/nowhere'))).toMatch(/hang up/);
  });
});

describe('beside socket.io, the monitor', () => {
  it('is not cut off while authorize takes longer than socket.io waits for upgrades', async () => {
    const asked: (() => void)[] = [];
    const authorize = (): Promise<boolean> => new Promise((resolve) => asked.push(() => resolve(true)));
    await using app = await monitoredApp({ logger: false, authorize })
      .with({ providers: [SocketIoGateway] })
      .start();
    const connecting = app.watch();
    await eventually(() => asked.length === 1);
    // This one came later, and is cut off by the timer of socket.io.
    expect(await outcomeOf(app.url('/nowhere'))).toMatch(/hang up/);
    asked[0]!();
    await using client = await connecting;
    app.stream.publish({ message: 'patience' });
    await client.message('patience');
    expect(app.gateway.clients).toBe(1);
  });

  it('leaves no timer of socket.io for each of its clients', async () => {
    await using app = await monitoredApp()
      .with({ providers: [SocketIoGateway] })
      .start();
    const before = activeResources()['Timeout'] ?? 0;
    const clients = await Promise.all(Array.from({ length: 10 }, () => app.watch()));
    await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
    await eventually(() => app.gateway.clients === 0);
    // Those of the HTTP server and of the clients come and go; ten would stay.
    expect(activeResources()['Timeout'] ?? 0).toBeLessThan(before + 10);
  });

  it('goes with the app: no listener for upgrades is left', async () => {
    const app = await monitoredApp()
      .with({ providers: [SocketIoGateway, EchoGateway] })
      .start();
    const { httpServer } = app;
    const socket = await connectBySocketIo(app.port, 'websocket');
    expect(await served(app)).toEqual(EVERYTHING);
    const disconnected = new Promise((resolve) => socket.once('disconnect', resolve));
    await app.close();
    await disconnected;
    expect(httpServer.listening).toBe(false);
    expect(app.gateway.clients).toBe(0);
  });

  it('serves gateways of several paths', async () => {
    await using app = await monitoredApp()
      .with({ providers: [SocketIoGateway, EchoGateway] })
      .start();
    const [one, two] = await Promise.all([
      connectBySocketIo(app.port, 'websocket'),
      connectBySocketIo(app.port, 'websocket', '/echo'),
    ]);
    expect(await Promise.all([echoOf(one, 1), echoOf(two, 2)])).toEqual([1, 2]);
    expect(await served(app)).toEqual(EVERYTHING);
    one.close();
    two.close();
  });

  it('passes on that connections are to be closed by force', async () => {
    const testing = await Test.createTestingModule({
      imports: [LogStreamModule.forRoot({ logger: false })],
      providers: [SocketIoGateway],
    }).compile();
    const app = testing.createNestApplication({ forceCloseConnections: true });
    const adapter = new IoAdapter(app);
    app.useWebSocketAdapter(adapter);
    setupLogStreaming(app);
    await app.listen(0, '127.0.0.1');
    expect(adapter.forceCloseConnections).toBe(true);
    await app.close();
  });
});

describe('an adapter of ws that is not the one of Nest', () => {
  // The listener that Nest 11 leaves behind is its own.
  it.runIf(onNest12)('may serve gateways of the app, and does not cut off the monitor', async () => {
    const app = await monitoredApp()
      .webSocketAdapter(foreignWsAdapter)
      .with({ providers: [EchoGateway] })
      .start();
    const { httpServer } = app;
    expect(await served(app)).toEqual(EVERYTHING);
    expect(await echoByWs(app.url('/echo'), 'hi')).toBe('hi');
    expect(await outcomeOf(app.url('/nowhere'))).not.toBe('open');
    await app.close();
    expect(httpServer.listenerCount('upgrade')).toBe(0);
  });
});

describe('start-up fails with a sentence that says what to do', () => {
  it('when something keeps the adapter of the monitor from being asked', async () => {
    const options = { logger: false, path: '/logs' } as const;
    const starting = monitoredApp(options).beforeInit((nest) => {
      const adapter = new IoAdapter(nest);
      nest.get(ApplicationConfig).getIoAdapter = () => adapter;
    });
    await expect(starting.start()).rejects.toThrow(foreignAdapter('/logs'));
  });

  it("when another gateway's options would decide who may watch", async () => {
    @WebSocketGateway({ path: '/ws/monitor' })
    class Squatter {}
    // Nest connects the first gateway last, so this one creates the server.
    const providers = [EchoGateway, Squatter];
    const starting = monitoredApp().webSocketAdapter(ws).with({ providers }).start();
    const outcome = await starting.then(
      (app) => app.close(),
      (error: Error) => error.message,
    );
    expect(outcome).toBe(pathTaken('/ws/monitor'));
  });

  // On Nest 11, which has no server of several gateways, it does.
  it.runIf(onNest12)(
    'not when another gateway joins the server of the monitor, which decides then for both',
    async () => {
      @WebSocketGateway({ path: '/ws/monitor' })
      class Guest {}
      const authorize = ({ url }: { url?: string }): boolean => url!.endsWith('yes');
      await using app = await monitoredApp({ logger: false, authorize })
        .webSocketAdapter(ws)
        .with({ providers: [Guest] })
        .start();
      expect(await app.refusal()).toBe(401);
      await using client = await app.watch('/ws/monitor?yes');
      app.stream.publish({ message: 'once' });
      app.stream.publish({ message: 'last' });
      await client.message('last');
      expect(client.texts).toHaveLength(2);
      expect(app.gateway.clients).toBe(1);
    },
  );

  it('when two modules would serve one path', async () => {
    const authorize = (): boolean => false;
    await expect(
      monitoredApp()
        .importing(
          LogStreamModule.forRoot({ logger: false }),
          LogStreamModule.forRoot({ logger: false, authorize }),
        )
        .start(),
    ).rejects.toThrow(pathTaken('/ws/monitor'));
  });
});

describe('setupLogStreaming', () => {
  it('may be called twice', async () => {
    const testing = await Test.createTestingModule({
      imports: [LogStreamModule.forRoot({ logger: false })],
      providers: [SocketIoGateway],
    }).compile();
    const nest = testing.createNestApplication();
    expect(setupLogStreaming(setupLogStreaming(nest))).toBe(nest);
    await nest.listen(0, '127.0.0.1');
    const { port } = nest.getHttpServer().address() as { port: number };
    const socket = await connectBySocketIo(port, 'websocket');
    expect(await echoOf(socket, 1)).toBe(1);
    socket.close();
    expect(nest.getHttpServer().listenerCount('upgrade')).toBe(2);
    await nest.close();
  });

  it('says which module is missing', async () => {
    await expect(monitoredApp().importing().start()).rejects.toThrow(/LogStreamLogger/);
  });

  it('works in a standalone application, which nobody can watch', async () => {
    const app = await NestFactory.createApplicationContext(LogStreamModule.forRoot({ logger: false }), {
      logger: false,
    });
    expect(setupLogStreaming(app)).toBe(app);
    expect(app.get(LogStream).publish({ message: 'alone' })).toMatchObject({ message: 'alone' });
    expect(app.get(MonitorGateway).clients).toBe(0);
    await app.close();
    expect(app.get(LogStream).publish({ message: 'after' })).toBeUndefined();
  });

  it.each([[[]], [[SocketIoGateway]]])(
    'works in a microservice, which nobody can watch, with the gateways %o',
    async (providers) => {
      const testing = await Test.createTestingModule({
        imports: [LogStreamModule.forRoot({ logger: false })],
        providers,
      }).compile();
      const service = testing.createNestMicroservice({
        transport: Transport.TCP,
        options: { port: 0, host: '127.0.0.1' },
      });
      const before = activeResources()['TCPServerWrap'] ?? 0;
      setupLogStreaming(service);
      await service.listen();
      expect(service.get(LogStream).publish({ message: 'x' })).toMatchObject({ message: 'x' });
      // The one of the microservice, and that of the own gateway: the monitor opens no port by itself.
      expect(activeResources()['TCPServerWrap']).toBe(before + 1 + providers.length);
      await service.close();
      expect(service.get(MonitorGateway).clients).toBe(0);
    },
  );

  it('works in a hybrid application', async () => {
    const testing = await Test.createTestingModule({
      imports: [LogStreamModule.forRoot({ logger: false })],
    }).compile();
    const nest = testing.createNestApplication();
    setupLogStreaming(nest);
    nest.connectMicroservice({ transport: Transport.TCP, options: { port: 0, host: '127.0.0.1' } });
    await nest.startAllMicroservices();
    await nest.listen(0, '127.0.0.1');
    const { port } = nest.getHttpServer().address() as { port: number };
    expect(await outcomeOf(`ws://127.0.0.1:${port}/ws/monitor`)).toBe('open');
    await nest.close();
  });
});
