import { Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Transport } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import {
  LogStream,
  LogStreamModule,
  type LogStreamOptions,
  LogStreamLogger,
  setupLogStreaming,
} from 'nestjs-log-stream';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import { MonitorServer } from '../../src/monitor-server.js';
import {
  dashboardAt,
  monitorAt,
  NOBODY_CAN_WATCH,
  NOT_STREAMED,
  portNotListened,
} from '../../src/start-up.messages.js';
import { turns } from '../harness/event-loop.js';
import { MonitorClient } from '../harness/monitor-client.js';
import { StreamClient } from '../harness/stream-client.js';
import { EchoGateway, echoByWs } from '../harness/gateways.js';
import { freshNestLogger } from '../unit/support/nest-logger-state.js';

const appWith = (options: LogStreamOptions = {}, providers: unknown[] = []): new () => object => {
  @Module({ imports: [LogStreamModule.forRoot(options)], providers: providers as never })
  class App {}
  return App;
};

describe('at its start the module', () => {
  const lines: string[] = [];
  freshNestLogger();
  beforeEach(() => {
    lines.length = 0;
    const note = (message: unknown): void => void lines.push(String(message));
    Logger.overrideLogger({ log: note, warn: note, error: note });
  });

  const listening = async (options?: LogStreamOptions, setup = true) => {
    const app = await NestFactory.create(appWith(options), { logger: undefined as never });
    if (setup) setupLogStreaming(app);
    await app.listen(0, '127.0.0.1');
    await turns(2);
    const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
    return { app, port };
  };
  const ours = (): string[] =>
    lines.filter((line) => /monitor|stream|dashboard/i.test(line) && !/^Mapped|initialized$/.test(line));

  it.each<[string, LogStreamOptions, (port: number) => string]>([
    ['the dashboard is', {}, (port) => dashboardAt(`http://127.0.0.1:${port}/monitor`, false)],
    [
      'the dashboard is, whom authorize lets',
      { authorize: () => true, dashboard: { path: '/ops' } },
      (port) => dashboardAt(`http://127.0.0.1:${port}/ops`, true),
    ],
    ['the monitor is', { dashboard: false }, (port) => monitorAt(`ws://127.0.0.1:${port}/ws/monitor`, false)],
  ])('says where %s, and who may watch', async (_, options, line) => {
    const { app, port } = await listening(options);
    expect(ours()).toEqual([line(port)]);
    await app.close();
  });

  it('says once what is missing without setupLogStreaming, and the app runs', async () => {
    const { app } = await listening({}, false);
    expect(ours().filter((line) => line === NOT_STREAMED)).toHaveLength(1);
    await app.close();
  });

  it('misses nothing where the logger is set by app.useLogger()', async () => {
    const app = await NestFactory.create(appWith({ logger: false }), { logger: undefined as never });
    app.useLogger(app.get(LogStreamLogger));
    await app.listen(0, '127.0.0.1');
    await turns(2);
    expect(ours()).not.toContain(NOT_STREAMED);
    await app.close();
  });

  it('says in an application context that nobody can watch, and what to do', async () => {
    const app = await NestFactory.createApplicationContext(appWith(), { logger: undefined as never });
    setupLogStreaming(app);
    await turns(2);
    expect(ours()).toEqual([NOBODY_CAN_WATCH]);
    await app.close();
  });
});

describe('the option monitor', () => {
  const portOf = (app: { get(token: typeof MonitorServer): MonitorServer }): number =>
    (app.get(MonitorServer).server!.address() as AddressInfo).port;

  const watched = async (port: number, stream: LogStream): Promise<void> => {
    await using client = await MonitorClient.connect(`ws://127.0.0.1:${port}/ws/monitor`);
    stream.publish({ message: 'seen' });
    await client.message('seen');
    await using http = await StreamClient.connect(`http://127.0.0.1:${port}/monitor/stream?replay=1`);
    await http.message('seen');
    const statuses = async (path: string, init?: RequestInit): Promise<number> =>
      (await fetch(`http://127.0.0.1:${port}${path}`, init)).status;
    expect(await statuses('/monitor', { headers: { accept: 'text/html' } })).toBe(200);
    expect(await statuses('/monitor/assets/none.js')).toBe(404);
    expect(await statuses('/ws/monitor')).toBe(426);
    expect(await statuses('/')).toBe(404);
    expect(await statuses('/monitor/stream', { method: 'POST' })).toBe(405);
    expect(await statuses('/monitor', { headers: { 'x-forwarded-for': '1.2.3.4' } })).toBe(401);
    expect(
      await MonitorClient.refusal(`ws://127.0.0.1:${port}/ws/monitor`, { headers: { via: '1.1 x' } }),
    ).toBe(401);
  };

  it('lets an application context be watched, and goes with it', async () => {
    const app = await NestFactory.createApplicationContext(appWith({ monitor: { port: 0 } }), {
      logger: false,
    });
    const { server } = app.get(MonitorServer);
    await watched(portOf(app), app.get(LogStream));
    const client = await MonitorClient.connect(`ws://127.0.0.1:${portOf(app)}/ws/monitor`);
    const closed = client.closed();
    await app.close();
    expect((await closed).code).toBe(1001);
    expect(server!.listening).toBe(false);
  });

  it('lets a microservice be watched', async () => {
    const testing = await Test.createTestingModule({
      imports: [LogStreamModule.forRoot({ logger: false, monitor: { port: 0 } })],
    }).compile();
    const service = testing.createNestMicroservice({
      transport: Transport.TCP,
      options: { port: 0, host: '127.0.0.1' },
    });
    await service.listen();
    await watched(portOf(service), service.get(LogStream));
    const { server } = service.get(MonitorServer);
    await service.close();
    expect(server!.listening).toBe(false);
  });

  it('takes the monitor off the port of the app, and leaves the app its gateways', async () => {
    const testing = await Test.createTestingModule({
      imports: [LogStreamModule.forRoot({ logger: false, monitor: { port: 0 } })],
      providers: [EchoGateway],
    }).compile();
    const app = testing.createNestApplication();
    const { WsAdapter } = await import('@nestjs/platform-ws');
    app.useWebSocketAdapter(new WsAdapter(app));
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    await watched(portOf(app), app.get(LogStream));
    expect((await fetch(`http://127.0.0.1:${port}/monitor`)).status).toBe(404);
    expect(await echoByWs(`ws://127.0.0.1:${port}/echo`, 'hi')).toBe('hi');
    await app.close();
  });

  it('fails at the start on a port that is taken', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    await expect(
      NestFactory.createApplicationContext(appWith({ monitor: { port } }), {
        logger: false,
        abortOnError: false,
      }),
    ).rejects.toThrow(portNotListened(port, { code: 'EADDRINUSE' }));
    await new Promise((resolve) => taken.close(resolve));
  });
});
