import { Controller, Get, Logger, type LoggerService } from '@nestjs/common';
import fc from 'fast-check';
import { WinstonLogger, utilities } from 'nest-winston';
import { LogStreamLogger, LogStreamModule } from 'nestjs-log-stream';
import { Writable } from 'node:stream';
import { type Options } from 'pino-http';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger, format, transports } from 'winston';
import { NEST_LOG_LEVELS } from '../../src/record/log-call.js';
import { monitoredApp } from '../harness/monitored-app.js';
import { call, type Call } from '../unit/support/captured-output.js';
import { logArguments } from '../unit/support/log-arguments.js';
import { restoreNestLogger } from '../unit/support/nest-logger-state.js';
import { streamingLogger } from '../unit/support/streaming-logger.js';
import { runs } from '../harness/property-runs.js';

const NOW = Date.UTC(2025, 9, 8, 18, 30, 45, 123);

const calls: fc.Arbitrary<Call[]> = fc.array(
  fc.record({ level: fc.constantFrom(...NEST_LOG_LEVELS), args: logArguments }),
  { minLength: 1, maxLength: 3 },
);

@Controller()
class Orders {
  private readonly logger = new Logger('Orders');

  @Get('orders')
  list(): string[] {
    this.logger.log('listed', { count: 0 });
    return [];
  }
}

/** Where a logger under test writes. */
class Sink extends Writable {
  readonly lines: string[] = [];

  override _write(chunk: unknown, _encoding: string, done: () => void): void {
    this.lines.push(String(chunk));
    done();
  }

  /** What the calls write; a call that throws (the original may) counts as having written what it wrote. */
  linesOf(logger: LoggerService, logged: readonly Call[]): string[] {
    this.lines.length = 0;
    for (const one of logged) {
      try {
        call(logger, one);
      } catch {
        // Only the logger alone throws; ours never does, which the other specs check.
      }
    }
    return [...this.lines];
  }
}

/** Where the logger alone would throw at its caller, ours warns once. */
function silenceWarnings(): void {
  vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
}

/** Whatever is logged, an inner logger writes below ours what it writes alone; so many lines, that it says something. */
function expectSameBytes(
  sink: Sink,
  inner: LoggerService,
  { numRuns, atLeast }: { numRuns: number; atLeast: number },
): void {
  const { logger } = streamingLogger({ logger: inner });
  let written = 0;
  fc.assert(
    fc.property(calls, (logged) => {
      const alone = sink.linesOf(inner, logged);
      expect(sink.linesOf(logger, logged)).toEqual(alone);
      written += alone.length;
    }),
    { numRuns },
  );
  expect(written).toBeGreaterThan(atLeast);
}

describe('nest-winston as the inner logger', () => {
  restoreNestLogger();
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: NOW });
    silenceWarnings();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  const formats = {
    json: format.combine(format.timestamp(), format.json({ bigint: true })),
    'nest-like': format.combine(
      format.timestamp(),
      utilities.format.nestLike('App', { colors: true, prettyPrint: true }),
    ),
    simple: format.simple(),
  };

  it.each(Object.keys(formats) as (keyof typeof formats)[])(
    'writes the same bytes as alone, in the format %s',
    (name) => {
      const sink = new Sink();
      const winston = createLogger({
        level: 'fatal',
        levels: { error: 0, warn: 1, info: 2, debug: 3, verbose: 4, fatal: 5 },
        format: formats[name],
        transports: [new transports.Stream({ stream: sink })],
      });
      const inner = new WinstonLogger(winston);
      expectSameBytes(sink, inner, { numRuns: runs(200), atLeast: runs(200) / 2 });
      winston.close();
    },
  );

  it('works in an app, beside the stream', async () => {
    const sink = new Sink();
    const winston = createLogger({
      format: format.json(),
      transports: [new transports.Stream({ stream: sink })],
    });
    await using app = await monitoredApp({ logger: new WinstonLogger(winston) })
      .with({ controllers: [Orders] })
      .start();
    await using client = await app.watch();
    await app.request('/orders');
    const frame = await client.message('listed');
    expect(frame.data).toMatchObject({ level: 'INFO', logger: 'Orders', count: 0 });
    expect(sink.lines.map((line) => JSON.parse(line) as unknown)).toContainEqual(
      // nest-winston takes the second argument for the context, whatever it is; so it does behind us.
      expect.objectContaining({ level: 'info', message: 'listed' }),
    );
  });
});

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const PINO_RUNS = major > 22 || (major === 22 && minor >= 12);

describe.skipIf(!PINO_RUNS)('nestjs-pino as the inner logger (version 5 needs Node >= 22.12)', () => {
  restoreNestLogger();
  // nestjs-pino keeps the root logger that it made first, so all tests of this file share one.
  const sink = new Sink();
  const pinoHttp: Options = { level: 'trace', genReqId: () => 'request-7' };
  let nestjsPino: typeof import('nestjs-pino');
  beforeAll(async () => {
    nestjsPino = await import('nestjs-pino');
  });
  beforeEach(() => {
    sink.lines.length = 0;
    silenceWarnings();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it('writes the same bytes as alone', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: NOW });
    const { Logger: PinoNestLogger, PinoLogger } = nestjsPino;
    const inner = new PinoNestLogger(new PinoLogger({ pinoHttp: [pinoHttp, sink] }), {});
    expectSameBytes(sink, inner, { numRuns: runs(500), atLeast: runs(500) * 0.6 });
  });

  it('works in an app, taken from its module, with the fields of the request', async () => {
    const { Logger: PinoNestLogger, LoggerModule } = nestjsPino;
    const pino = LoggerModule.forRoot({ pinoHttp: [pinoHttp, sink] });
    await using app = await monitoredApp()
      .importing(
        LogStreamModule.forRootAsync({
          imports: [pino],
          inject: [PinoNestLogger],
          useFactory: (logger: LoggerService) => ({ logger }),
        }),
      )
      .with({ controllers: [Orders], imports: [pino] })
      .start();
    await using client = await app.watch();
    await app.request('/orders');
    const frame = await client.message('listed');
    expect(frame.data).toMatchObject({ logger: 'Orders', count: 0, module: expect.any(String) });
    expect(app.get(LogStreamLogger).failures).toEqual({ inner: 0, stream: 0 });
    expect(sink.lines.map((line) => JSON.parse(line) as unknown)).toContainEqual(
      expect.objectContaining({
        msg: 'listed',
        context: 'Orders',
        req: expect.objectContaining({ id: 'request-7', url: '/orders' }),
      }),
    );
  });
});
