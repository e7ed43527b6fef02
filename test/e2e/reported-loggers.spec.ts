import {
  ConsoleLogger,
  Injectable,
  Logger,
  type LoggerService,
  Module,
  type NestApplicationOptions,
} from '@nestjs/common';
import { setImmediate as turn } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { LogStream, LogStreamModule, type LogRecord, setupLogStreaming } from 'nestjs-log-stream';
import { WinstonModule } from 'nest-winston';
import { LoggerModule, Logger as PinoNestLogger } from 'nestjs-pino';
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import winston from 'winston';
import { NOT_STREAMED } from '../../src/start-up.messages.js';
import { onNest12 } from '../harness/nest-version.js';
import { capturedOutput } from '../unit/support/captured-output.js';
import { freshNestLogger } from '../unit/support/nest-logger-state.js';

/** Keeps what it is told. */
function keeper(): LoggerService & { readonly kept: unknown[][] } {
  const kept: unknown[][] = [];
  const keep = (...args: unknown[]): void => void kept.push(args);
  return { kept, log: keep, error: keep, warn: keep, debug: keep, verbose: keep, fatal: keep };
}

/** Takes what a logger writes. */
function sink(): { readonly stream: Writable; readonly lines: string[] } {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(...String(chunk).split('\n').filter(Boolean));
      done();
    },
  });
  return { stream, lines };
}

const recordOf = (stream: LogStream, message: string): LogRecord | undefined =>
  [...stream.history].find((record) => record.message === message);

@Module({ imports: [LogStreamModule.forRoot()] })
class AppModule {}

const create = (options: NestApplicationOptions = {}) =>
  NestFactory.create(AppModule, { logger: keeper(), ...options });

/** What users of Nest's loggers, of nestjs-pino and of nest-winston have reported, tried on the stream. */
describe('reported of loggers', () => {
  freshNestLogger();

  it('an application context prints its buffered lines by the logger that it is given', async () => {
    const own = keeper();
    const app = await NestFactory.createApplicationContext(AppModule, { bufferLogs: true });
    app.useLogger(own);
    setupLogStreaming(app);
    new Logger('Job').log('after');
    expect(own.kept.map(([, context]) => context)).toEqual(
      expect.arrayContaining(['NestFactory', 'InstanceLoader']),
    );
    expect(own.kept.at(-1)).toEqual(['after', 'Job']);
    expect(recordOf(app.get(LogStream), 'after')).toMatchObject({ logger: 'Job' });
    await app.close();
  });

  it('an app that is never listening, as behind a serverless adapter, still streams and prints what was buffered', async () => {
    const own = keeper();
    const app = await NestFactory.create(AppModule, { bufferLogs: true });
    setupLogStreaming(app);
    app.useLogger(own);
    app.flushLogs();
    await app.init();
    new Logger('Handler').warn('invoked', { event: 1 });
    expect(recordOf(app.get(LogStream), 'invoked')).toMatchObject({ level: 'WARNING', extra: { event: 1 } });
    expect(recordOf(app.get(LogStream), 'Starting Nest application...')).toBeDefined();
    expect(own.kept.map(([text]) => text)).toEqual(
      expect.arrayContaining(['Starting Nest application...', 'invoked']),
    );
    await app.close();
  });

  it('levels of `create` are not those of a logger that is set later', async () => {
    const own = keeper();
    const app = await create({ logger: ['error'] });
    app.useLogger(own);
    setupLogStreaming(app);
    new Logger('App').debug('detail');
    Logger.log('static', 'App');
    expect(own.kept).toEqual([
      ['detail', 'App'],
      ['static', 'App'],
    ]);
    expect(recordOf(app.get(LogStream), 'detail')).toBeDefined();
    await app.close();
  });

  it('what JSON cannot hold neither throws nor is lost: BigInt, cycles, in errors too', async () => {
    const app = await create();
    setupLogStreaming(app);
    const cyclic: Record<string, unknown> = { id: 123n };
    cyclic['self'] = cyclic;
    const error = Object.assign(new Error('failed'), { request: cyclic, size: 5n });
    new Logger('App').debug({ value: 123n });
    new Logger('App').warn('with a cycle', cyclic);
    new Logger('App').error('with an error', error);
    const stream = app.get(LogStream);
    expect([...stream.history].find(({ level }) => level === 'DEBUG')?.message).toContain('123n');
    expect(recordOf(stream, 'with a cycle')?.extra).toEqual({
      id: '123',
      self: { id: '123', self: '[Circular]' },
    });
    expect(recordOf(stream, 'with an error')?.error).toMatchObject({ message: 'failed', size: '5' });
    await app.close();
  });

  it.each([
    ['a text in the place of a stack', ['one', 'no stack', 'Ctx'], ['one', 'no stack']],
    ['a stack and a context', ['one', new Error('x').stack, 'Ctx'], ['one']],
  ])('%s and a context beside that of the logger', async (_, args, messages) => {
    const app = await create();
    setupLogStreaming(app);
    const before = app.get(LogStream).history.end;
    new Logger('Own').error(...(args as [unknown]));
    const records = [...app.get(LogStream).history].filter(({ seq }) => seq >= before);
    // As Nest reads it: the logger's context is the last text, and the one before it a stack.
    expect(records.map(({ message }) => message)).toEqual(expect.arrayContaining(messages));
    expect(records[0]).toMatchObject({ logger: 'Own' });
    expect(records[0]?.error?.stack).toBe('Ctx');
    await app.close();
  });

  it('winston keeps the context of an error without a stack, and gets what it got', async () => {
    const { stream, lines } = sink();
    const logger = WinstonModule.createLogger({ transports: [new winston.transports.Stream({ stream })] });
    const app = setupLogStreaming(await create({ logger }));
    new Logger('Orders').error('no stack');
    new Logger('Orders').error('with stack', new Error('x').stack);
    const alone = sink();
    Logger.overrideLogger(
      WinstonModule.createLogger({ transports: [new winston.transports.Stream({ stream: alone.stream })] }),
    );
    new Logger('Orders').error('no stack');
    expect(lines.find((line) => line.includes('no stack'))).toBe(alone.lines[0]);
    expect(recordOf(app.get(LogStream), 'no stack')).toMatchObject({ logger: 'Orders', error: undefined });
    expect(recordOf(app.get(LogStream), 'with stack')?.error?.stack).toContain('Error: x');
    await app.close();
  });

  it('pino, set as its guide says, has every line, and the stream the stack of an error', async () => {
    const { stream, lines } = sink();
    @Module({
      imports: [
        LoggerModule.forRoot({ pinoHttp: [{ autoLogging: false }, stream] }),
        LogStreamModule.forRoot(),
      ],
    })
    class WithPino {}
    const app = await NestFactory.create(WithPino, { bufferLogs: true });
    app.useLogger(app.get(PinoNestLogger));
    setupLogStreaming(app);
    await app.listen(0, '127.0.0.1');
    new Logger('Orders').error(new TypeError('out of stock'));
    new Logger('Orders').log('placed', { id: 7 });
    expect(lines.filter((line) => line.includes('Starting Nest application'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('out of stock'))).toHaveLength(1);
    expect(recordOf(app.get(LogStream), 'out of stock')).toMatchObject({
      logger: 'Orders',
      error: { name: 'TypeError', stack: expect.stringContaining('reported-loggers.spec') },
    });
    expect(recordOf(app.get(LogStream), 'placed')).toMatchObject({ extra: { id: 7 } });
    await app.close();
  });

  it('a context that a logger has by itself, or is given later, is that of lines without one', async () => {
    const own = new ConsoleLogger('Billing', { colors: false });
    const app = setupLogStreaming(await create({ logger: own }));
    const printed = capturedOutput(() => {
      Logger.log('by its own');
      own.setContext('Later');
      Logger.log('by the later');
      Logger.log('by that of the line', 'Line');
    });
    const contexts = printed.map((line) => /\[(Billing|Later|Line)\]/.exec(line)?.[1]);
    expect(contexts).toEqual(['Billing', 'Later', 'Line']);
    const messages = ['by its own', 'by the later', 'by that of the line'];
    expect(messages.map((text) => recordOf(app.get(LogStream), text)?.logger)).toEqual(contexts);
    await app.close();
  });

  it('a class that extends Logger is no logger to Nest, which says so as before', async () => {
    class Extended extends Logger {}
    const app = setupLogStreaming(await create());
    expect(() => Logger.overrideLogger(new Extended())).toThrow('"extends Logger"');
    await app.close();
  });

  it('a transient logger of the app’s own may be a Nest Logger with its context', async () => {
    @Injectable()
    class Service {
      readonly logger = new Logger('Injected');
    }
    @Module({ imports: [LogStreamModule.forRoot()], providers: [Service] })
    class WithService {}
    const app = setupLogStreaming(await NestFactory.create(WithService, { logger: keeper() }));
    app.get(Service).logger.log('hello');
    expect(recordOf(app.get(LogStream), 'hello')?.logger).toBe('Injected');
    await app.close();
  });

  it.runIf(onNest12)('params of any kind are printed and streamed as one line', async () => {
    const app = setupLogStreaming(await create({ logger: new ConsoleLogger({ json: true }) }));
    const [line] = capturedOutput(() => new Logger('App').log('saved', { id: 7n, at: new Date(0) }));
    expect(line).toContain('"params":{"id":"7","at":"1970-01-01T00:00:00.000Z"}');
    expect(recordOf(app.get(LogStream), 'saved')?.extra).toEqual({ id: '7', at: '1970-01-01T00:00:00.000Z' });
    await app.close();
  });
});

describe('an app that is not set up', () => {
  freshNestLogger();
  const said = (lines: unknown[][]): unknown[][] => lines.filter(([text]) => text === NOT_STREAMED);

  it('says once that its lines are not streamed, and what to add', async () => {
    const logger = keeper();
    const app = await create({ logger });
    await app.listen(0, '127.0.0.1');
    await turn();
    expect(said(logger.kept)).toEqual([[NOT_STREAMED, 'LogStreamModule']]);
    await app.close();
  });

  it('says nothing when it is, in either way, and in a test', async () => {
    const logger = keeper();
    const app = setupLogStreaming(await create({ logger }));
    await app.init();
    await app.close();
    const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
    const tested = module.createNestApplication();
    const printed = capturedOutput(() => undefined);
    await tested.init();
    await tested.close();
    expect([...said(logger.kept), ...printed]).toEqual([]);
  });

  it('is none when it is an application context', async () => {
    const logger = keeper();
    const app = await NestFactory.createApplicationContext(AppModule, { logger });
    await app.close();
    expect(said(logger.kept)).toEqual([]);
  });
});
