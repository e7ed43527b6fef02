/** A Nest app that logs on every request, with one logger, in one process. */
import 'reflect-metadata';
import { ConsoleLogger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { LogStreamLogger, LogStreamModule, MonitorGateway, setupLogStreaming } from 'nestjs-log-stream';
import { LoggerModule, NativeLogger, nativeLoggerOptions } from 'nestjs-pino';
import { answer } from '../remote.mjs';
import { until } from '../wait.mjs';
import { ordersModule } from './orders.mjs';

/** What each logger adds to the app, and how it is installed. */
const SETUPS = {
  off: { imports: [], install() {} },
  console: { imports: [], install: (app) => app.useLogger(new ConsoleLogger()) },
  pino: {
    // Its own line per request would be a sixth.
    imports: [LoggerModule.forRoot({ pinoHttp: { ...nativeLoggerOptions, autoLogging: false } })],
    install: (app) => app.useLogger(app.get(NativeLogger)),
  },
  'ours-always': { imports: [LogStreamModule.forRoot()], install: setupLogStreaming },
  'ours-never': { imports: [LogStreamModule.forRoot({ caller: 'never' })], install: setupLogStreaming },
};

const ADAPTERS = {
  express: async () => new (await import('@nestjs/platform-express')).ExpressAdapter(),
  fastify: async () => new (await import('@nestjs/platform-fastify')).FastifyAdapter(),
};

let app;

answer({
  async start({ platform, logger }) {
    const { imports, install } = SETUPS[logger];
    app = await NestFactory.create(ordersModule(imports), await ADAPTERS[platform](), { logger: false });
    install(app);
    await app.listen(0, '127.0.0.1');
    return { port: app.getHttpServer().address().port, handshake: { path: '/ws/monitor' } };
  },

  async watched({ clients }) {
    const watching = () => app.get(MonitorGateway, { strict: false }).clients;
    if (!(await until(() => watching() === clients)))
      throw new Error(`${watching()} of ${clients} clients watch`);
  },

  /** @returns CPU of this process since its start, in microseconds */
  usage() {
    const { user, system } = process.cpuUsage();
    return user + system;
  },

  /** @throws Error when log calls were lost: that would be a fast logger */
  verify({ ours }) {
    if (!ours) return;
    const { inner, stream } = app.get(LogStreamLogger, { strict: false }).failures;
    if (inner + stream > 0) throw new Error(`${inner + stream} log calls failed`);
  },
});
