/** A Nest app that logs on every request, with one logger, in one process. */
import 'reflect-metadata';
import { PerformanceObserver } from 'node:perf_hooks';
import { ConsoleLogger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  Audit,
  LogStreamLogger,
  LogStreamModule,
  MonitorGateway,
  setupLogStreaming,
} from 'nestjs-log-stream';
import { LoggerModule, NativeLogger, nativeLoggerOptions } from 'nestjs-pino';
import { WinstonModule } from 'nest-winston';
import { format, transports } from 'winston';
import { answer } from '../remote.mjs';
import { until } from '../wait.mjs';
import { ordersModule } from './orders.mjs';

// Its own line per request would be a sixth.
const PINO = LoggerModule.forRoot({ pinoHttp: { ...nativeLoggerOptions, autoLogging: false } });
const usePino = (app) => app.useLogger(app.get(NativeLogger));

/** What each logger adds to the app, and how it is installed. */
const SETUPS = {
  off: { imports: [], install() {} },
  console: { imports: [], install: (app) => app.useLogger(new ConsoleLogger()) },
  json: { imports: [], install: (app) => app.useLogger(new ConsoleLogger({ json: true })) },
  pino: { imports: [PINO], install: usePino },
  winston: { imports: [], install: (app) => app.useLogger(winston()) },
  ours: oursOver(() => new ConsoleLogger()),
  'ours-told': oursOver(() => new ConsoleLogger(), { story: true }),
  'ours-never': oursOver(() => new ConsoleLogger(), { caller: 'never' }),
  'ours-always': oursOver(() => new ConsoleLogger(), { caller: 'always' }),
  'ours-bare': oursOver(() => new ConsoleLogger(), { caller: 'never', history: false }),
  'ours-json': oursOver(() => new ConsoleLogger({ json: true })),
  'ours-winston': oursOver(winston),
  'ours-audit': { ...oursOver(() => new ConsoleLogger()), audit: Audit('order_read') },
  'ours-trail': {
    // In a directory of the one who measures.
    ...oursOver(() => new ConsoleLogger(), { trail: { file: `${process.env.BENCH_DIRECTORY}/audit.db` } }),
    audit: Audit('order_read'),
  },
  'ours-pino': {
    imports: [
      PINO,
      LogStreamModule.forRootAsync({ inject: [NativeLogger], useFactory: (logger) => ({ logger }) }),
    ],
    install: setupLogStreaming,
  },
};

function oursOver(logger, options = {}) {
  return { imports: [LogStreamModule.forRoot({ ...options, logger: logger() })], install: setupLogStreaming };
}

function winston() {
  return WinstonModule.createLogger({
    format: format.combine(format.timestamp(), format.json()),
    transports: [new transports.Console()],
  });
}

const ADAPTERS = {
  express: async () => new (await import('@nestjs/platform-express')).ExpressAdapter(),
  fastify: async () => new (await import('@nestjs/platform-fastify')).FastifyAdapter(),
};

let app;
let collectorMs = 0;
const countCollection = ({ duration }) => (collectorMs += duration);
const collections = new PerformanceObserver((list) => list.getEntries().forEach(countCollection));
collections.observe({ entryTypes: ['gc'] });

answer({
  /** @returns its port, and how long the app took to listen, in milliseconds */
  async start({ platform, logger }) {
    const { imports, install, audit } = SETUPS[logger];
    const adapter = await ADAPTERS[platform]();
    const started = performance.now();
    app = await NestFactory.create(ordersModule(imports, audit), adapter, { logger: false });
    install(app);
    await app.listen(0, '127.0.0.1');
    return { port: app.getHttpServer().address().port, bootMs: performance.now() - started };
  },

  /** Ends the app, so that what it has written to files can be deleted. */
  async stop() {
    await app.close();
  },

  async watched({ clients }) {
    const watching = () => app.get(MonitorGateway, { strict: false }).clients;
    if (!(await until(() => watching() === clients)))
      throw new Error(`${watching()} of ${clients} clients watch`);
  },

  /** @returns what this process has used since its start: CPU and time in the collector, in microseconds */
  usage() {
    const { user, system } = process.cpuUsage();
    collections.takeRecords().forEach(countCollection);
    return { cpu: user + system, collector: collectorMs * 1000 };
  },

  /** @returns bytes of the heap and of buffers that are reachable */
  async memory() {
    // What a first collection finalizes only a second one gives back.
    for (let times = 0; times < 3; times++) {
      globalThis.gc();
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  },

  /** @throws Error when log calls were lost: that would be a fast logger */
  verify({ ours }) {
    if (!ours) return;
    const { inner, stream } = app.get(LogStreamLogger, { strict: false }).failures;
    if (inner + stream > 0) throw new Error(`${inner + stream} log calls failed`);
  },
});
