import {
  Controller,
  Get,
  Inject,
  Injectable,
  Logger,
  Module,
  Scope,
  type OnModuleInit,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { WsAdapter } from '@nestjs/platform-ws';
import {
  type LogRecord,
  LogStream,
  LogStreamLogger,
  LogStreamModule,
  setupLogStreaming,
} from 'nestjs-log-stream';
import { describe, expect, it } from 'vitest';
import { monitoredApp } from '../harness/monitored-app.js';
import { restoreNestLogger } from '../unit/support/nest-logger-state.js';

/** Made before any app, as loggers at the top of a file are. */
const early = new Logger('Early');

@Injectable()
class Billing implements OnModuleInit {
  private readonly logger = new Logger(Billing.name);

  onModuleInit(): void {
    this.logger.log('ready to bill', { currency: 'EUR' });
  }

  charge(amount: number): void {
    this.logger.warn('charging', { amount });
  }
}

@Injectable()
class Shipping {
  constructor(@Inject(Logger) private readonly logger: Logger) {}

  send(): void {
    this.logger.log('sent');
  }
}

@Controller()
class Orders {
  constructor(
    @Inject(Billing) private readonly billing: Billing,
    @Inject(Shipping) private readonly shipping: Shipping,
    @Inject(LogStreamLogger) private readonly direct: LogStreamLogger,
  ) {}

  @Get('orders')
  order(): string {
    early.log('ordered');
    this.billing.charge(5);
    this.shipping.send();
    Logger.log('static without context');
    Logger.error('static with context', 'Checkout');
    this.direct.debug('directly', { a: 1 }, 'Direct');
    return 'ok';
  }

  @Get('fail')
  fail(): never {
    throw new TypeError('out of stock');
  }
}

const metadata = {
  controllers: [Orders],
  providers: [Billing, Shipping, { provide: Logger, useFactory: () => new Logger('Injected') }],
};

const find = (stream: LogStream, message: string): LogRecord => {
  const found = [...stream.history].filter((record) => record.message === message);
  if (found.length !== 1) throw new Error(`${found.length} records '${message}'`);
  return found[0]!;
};

describe('the loggers of an app', () => {
  restoreNestLogger();

  it('all lead to the stream: instances made early, injected ones, static calls and LogStreamLogger itself', async () => {
    await using app = await monitoredApp().with(metadata).start();
    await using client = await app.watch();
    await app.request('/orders');
    await client.message('directly');
    expect(
      client.frames.map(({ data }) => [data['logger'], data['level'], data['message'], data['module']]),
    ).toEqual([
      ['Early', 'INFO', 'ordered', 'logger.spec'],
      ['Billing', 'WARNING', 'charging', 'logger.spec'],
      ['Injected', 'INFO', 'sent', 'logger.spec'],
      ['root', 'INFO', 'static without context', 'logger.spec'],
      ['Checkout', 'ERROR', 'static with context', 'logger.spec'],
      ['Direct', 'DEBUG', 'directly', 'logger.spec'],
    ]);
    expect(client.frames.map(({ data }) => data['function'])).toEqual([
      'order',
      'charge',
      'send',
      'order',
      'order',
      'order',
    ]);
    expect(client.frames[1]!.data).toMatchObject({ amount: 5 });
  });

  it('is app.get(LogStreamLogger) without setupLogStreaming too', async () => {
    await using app = await monitoredApp()
      .webSocketAdapter((created) => new WsAdapter(created))
      .withoutSetup()
      .start();
    const logger = app.app.get(LogStreamLogger);
    logger.log('directly', { a: 1 }, 'Ctx');
    expect(find(app.stream, 'directly')).toMatchObject({ logger: 'Ctx', level: 'INFO', extra: { a: 1 } });
    new Logger('Elsewhere').debug?.('not ours');
    expect([...app.stream.history].map(({ message }) => message)).not.toContain('not ours');
  });

  it('can be of a shorter life: a logger of a request logs with its own context', async () => {
    @Injectable({ scope: Scope.TRANSIENT })
    class Transient extends Logger {}
    await using app = await monitoredApp()
      .with({ providers: [Transient] })
      .start();
    const one = await app.app.resolve(Transient);
    one.log('hello');
    expect(find(app.stream, 'hello').module).toBe('logger.spec');
  });

  it('tell of an exception that nobody caught, with its stack', async () => {
    await using app = await monitoredApp().with(metadata).start();
    const response = await app.request('/fail');
    expect(response.status).toBe(500);
    const record = [...app.stream.history].find(({ logger }) => logger === 'ExceptionsHandler');
    expect(record).toMatchObject({ level: 'ERROR', error: { name: 'TypeError', message: 'out of stock' } });
    expect(record?.error?.stack).toContain('logger.spec');
  });

  it('obey the levels that the app sets', async () => {
    await using app = await monitoredApp().with(metadata).start();
    app.app.useLogger(['error']);
    early.log('hidden');
    early.error('shown');
    const messages = [...app.stream.history].map(({ message }) => message);
    expect(messages).toContain('shown');
    expect(messages).not.toContain('hidden');
  });
});

describe('an app with bufferLogs', () => {
  restoreNestLogger();

  @Module({
    ...metadata,
    imports: [LogStreamModule.forRoot({ logger: false })],
  })
  class AppModule {}

  it('streams what was logged during its start, without callers: who flushes a line did not log it', async () => {
    const app = await NestFactory.create(AppModule, { bufferLogs: true });
    try {
      early.log('buffered', { a: 1 });
      Logger.warn('buffered too', 'Static');
      const stream = app.get(LogStream);
      expect([...stream.history]).toEqual([]);
      setupLogStreaming(app);
      const flushed = [...stream.history];
      expect(flushed.map(({ logger }) => logger)).toEqual(
        expect.arrayContaining(['NestFactory', 'InstanceLoader']),
      );
      expect(find(stream, 'buffered')).toMatchObject({ logger: 'Early', extra: { a: 1 } });
      expect(find(stream, 'buffered too')).toMatchObject({ logger: 'Static', level: 'WARNING' });
      for (const record of flushed) {
        expect(record).toMatchObject({ module: undefined, function: undefined, line: undefined });
      }
      await app.init();
      expect(find(stream, 'ready to bill')).toMatchObject({
        logger: 'Billing',
        module: 'logger.spec',
        function: 'onModuleInit',
        extra: { currency: 'EUR' },
      });
    } finally {
      await app.close();
    }
  });

  it('keeps the order of what was logged', async () => {
    const app = await NestFactory.create(AppModule, { bufferLogs: true });
    try {
      for (let index = 0; index < 20; index++) early.log(`buffered ${index}`);
      setupLogStreaming(app);
      early.log('buffered 20');
      const messages = [...app.get(LogStream).history]
        .map(({ message }) => message)
        .filter((message) => message.startsWith('buffered'));
      expect(messages).toEqual(Array.from({ length: 21 }, (_, index) => `buffered ${index}`));
    } finally {
      await app.close();
    }
  });

  it('hands flushed lines to the inner logger as they were logged', async () => {
    const received: unknown[][] = [];
    const log = (...args: unknown[]): void => void received.push(args);
    const inner = { log, error: log, warn: log };
    @Module({ imports: [LogStreamModule.forRoot({ logger: inner })] })
    class WithInner {}
    const app = await NestFactory.create(WithInner, { bufferLogs: true });
    try {
      early.log('buffered', { a: 1 });
      expect(received).toEqual([]);
      setupLogStreaming(app);
      expect(received).toContainEqual(['buffered', { a: 1 }, 'Early']);
    } finally {
      await app.close();
    }
  });
});

describe('an application context, which serves nothing', () => {
  restoreNestLogger();

  @Module({ imports: [LogStreamModule.forRoot({ logger: false })] })
  class Job {}

  it('streams its logs all the same, its buffered ones at once', async () => {
    const app = await NestFactory.createApplicationContext(Job, { bufferLogs: true });
    try {
      early.log('buffered');
      setupLogStreaming(app);
      early.log('not buffered');
      const stream = app.get(LogStream);
      expect(find(stream, 'buffered').module).toBeUndefined();
      expect(find(stream, 'not buffered').module).toBe('logger.spec');
    } finally {
      await app.close();
    }
  });
});
