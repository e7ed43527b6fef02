import {
  ConsoleLogger,
  type INestApplication,
  Injectable,
  Logger,
  type LoggerService,
  type LogLevel,
  Module,
  type ModuleMetadata,
  type NestApplicationOptions,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { LogStream, LogStreamLogger, LogStreamModule, setupLogStreaming } from 'nestjs-log-stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writtenDuring } from '../unit/support/captured-output.js';
import { freshNestLogger } from '../unit/support/nest-logger-state.js';
import { onNest12 } from '../harness/nest-version.js';

const NOW = Date.UTC(2025, 9, 8, 18, 30, 45, 123);

/** One way in which an app sets its logger. */
interface Case {
  readonly options?: () => NestApplicationOptions;
  /** Before the app is made. */
  readonly first?: () => void;
  /** Before `setupLogStreaming`. */
  readonly before?: (app: INestApplication) => void;
  /** After it. */
  readonly after?: (app: INestApplication) => void;
  /** The stream has what the console does not: `logger: false` is of the console only. */
  readonly silent?: true;
}

/** Any object with the methods of a logger; prints in a way of its own. */
class OwnLogger implements LoggerService {
  // Private: a method called with another `this` would throw.
  readonly #prefix = 'own ';

  log(...args: unknown[]): void {
    this.#print('log', args);
  }
  error(...args: unknown[]): void {
    this.#print('error', args);
  }
  warn(...args: unknown[]): void {
    this.#print('warn', args);
  }
  debug(...args: unknown[]): void {
    this.#print('debug', args);
  }

  verbose(...args: unknown[]): void {
    this.#print('verbose', args);
  }
  fatal(...args: unknown[]): void {
    this.#print('fatal', args);
  }

  #print(level: string, args: unknown[]): void {
    const texts = args.map((arg) => String(typeof arg === 'function' ? (arg as () => unknown)() : arg));
    process.stdout.write(`${this.#prefix}${level} ${texts.join('|')}\n`);
  }
}

/** One whose levels can be set. */
class LevelledLogger extends OwnLogger {
  private levels: readonly LogLevel[] = ['log', 'error', 'warn', 'debug', 'verbose', 'fatal'];

  setLogLevels(levels: LogLevel[]): void {
    this.levels = levels;
  }
  override log(...args: unknown[]): void {
    if (this.levels.includes('log')) super.log(...args);
  }
  override warn(...args: unknown[]): void {
    if (this.levels.includes('warn')) super.warn(...args);
  }
  override debug(...args: unknown[]): void {
    if (this.levels.includes('debug')) super.debug(...args);
  }
  override verbose(...args: unknown[]): void {
    if (this.levels.includes('verbose')) super.verbose(...args);
  }
  override fatal(...args: unknown[]): void {
    if (this.levels.some((level) => level !== 'debug')) super.fatal(...args);
  }
}

class Subclass extends ConsoleLogger {
  override warn(message: unknown, ...rest: unknown[]): void {
    super.warn(`subclass: ${String(message)}`, ...rest);
  }
  protected override formatPid(pid: number): string {
    return `<${pid}> `;
  }
}

/** One that logs a line of its own through Nest, of another level. */
class ChattyLogger extends ConsoleLogger {
  override error(message: unknown, ...rest: unknown[]): void {
    super.error(message, ...rest);
    new Logger('Chatty').warn('an error was logged');
  }
}

const CASES: Record<string, Case> = {
  'nothing set': {},
  levels: { options: () => ({ logger: ['warn', 'error'] }) },
  'one level': { options: () => ({ logger: ['debug'] }) },
  'no level': { options: () => ({ logger: [] }) },
  'logger: true': { options: () => ({ logger: true as never }) },
  'logger: false': { options: () => ({ logger: false }), silent: true },
  'a ConsoleLogger': { options: () => ({ logger: new ConsoleLogger() }) },
  'a ConsoleLogger with JSON': { options: () => ({ logger: new ConsoleLogger({ json: true }) }) },
  'a ConsoleLogger with colours, prefix, timestamps and levels': {
    options: () => ({
      logger: new ConsoleLogger({
        colors: true,
        prefix: 'Own',
        timestamp: true,
        logLevels: ['log', 'error'],
      }),
    }),
  },
  'a ConsoleLogger with a context, compact': {
    options: () => ({ logger: new ConsoleLogger('Own', { compact: true, depth: 1, colors: false }) }),
  },
  forceConsole: { options: () => ({ forceConsole: true }) },
  'a subclass': { options: () => ({ logger: new Subclass() }) },
  'a subclass that logs through Nest': { options: () => ({ logger: new ChattyLogger() }) },
  'any object': { options: () => ({ logger: new OwnLogger() }) },
  'a frozen object': { options: () => ({ logger: Object.freeze(new OwnLogger()) }) },
  bufferLogs: { options: () => ({ bufferLogs: true }) },
  'bufferLogs with levels': { options: () => ({ bufferLogs: true, logger: ['log', 'warn'] }) },
  'bufferLogs, useLogger before': {
    options: () => ({ bufferLogs: true }),
    before: (app) => app.useLogger(new ConsoleLogger({ json: true })),
  },
  'bufferLogs, useLogger after': {
    options: () => ({ bufferLogs: true }),
    after: (app) => app.useLogger(new OwnLogger()),
  },
  'bufferLogs, no autoFlushLogs': { options: () => ({ bufferLogs: true, autoFlushLogs: false }) },
  'useLogger(object) before': { before: (app) => app.useLogger(new OwnLogger()) },
  'useLogger(object) after': { after: (app) => app.useLogger(new OwnLogger()) },
  'useLogger(ConsoleLogger) after': {
    after: (app) => app.useLogger(new ConsoleLogger({ json: true, logLevels: ['warn', 'error'] })),
  },
  'useLogger(levels) before': { before: (app) => app.useLogger(['error', 'warn']) },
  'useLogger(levels) after': { after: (app) => app.useLogger(['error', 'warn']) },
  'useLogger(levels) twice': {
    before: (app) => app.useLogger(['error']),
    after: (app) => app.useLogger(['debug', 'log', 'error']),
  },
  'useLogger(false) after': { after: (app) => app.useLogger(false), silent: true },
  'useLogger(object) after logger: false': {
    options: () => ({ logger: false }),
    after: (app) => app.useLogger(new OwnLogger()),
  },
  'overrideLogger(levels) before the app': { first: () => Logger.overrideLogger(['log', 'error']) },
  'overrideLogger(levels) before': { before: () => Logger.overrideLogger(['log', 'error']) },
  'overrideLogger(levels) after': { after: () => Logger.overrideLogger(['log', 'error']) },
  'levels for a ConsoleLogger after': {
    options: () => ({ logger: new ConsoleLogger() }),
    after: (app) => app.useLogger(['warn', 'error']),
  },
  'levels, then an object that prints all': {
    options: () => ({ logger: ['error'] }),
    before: (app) => app.useLogger(new LevelledLogger()),
  },
  'levels for an object before': {
    options: () => ({ logger: new LevelledLogger() }),
    before: (app) => app.useLogger(['error', 'warn']),
  },
  'levels for an object after': {
    before: (app) => app.useLogger(new LevelledLogger()),
    after: (app) => app.useLogger(['error', 'warn']),
  },
  'levels for an object that takes none': {
    before: (app) => app.useLogger(new OwnLogger()),
    after: (app) => app.useLogger(['error', 'warn']),
  },
  'a Logger as the logger': { before: (app) => app.useLogger(new Logger('Own')) },
};

describe('what an app prints does not change by a byte, and the stream has the same lines', () => {
  freshNestLogger();
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW }));
  afterEach(() => void vi.useRealTimers());

  it.each(Object.entries(CASES))('%s', async (_, one) => {
    const alone = await run(one, {});
    const ours = await run(one, WITH_MODULE);
    expect(ours.written).toEqual(alone.written);
    expect(linesOf(ours.streamed)).toEqual(linesExpected(one, alone));
  });

  it('and once the app is closed, Nest’s Logger is what it was', async () => {
    const before = staticsOf(Logger);
    await run({}, WITH_MODULE);
    expect(staticsOf(Logger)).toEqual(before);
  });

  it.each([
    ['warn', 'warn'],
    ['>=error', '>=error'],
    // Nest complains of each wrong value once in a process.
    ['wrong-1', 'wrong-2'],
  ])('with NEST_LOG_LEVEL=%s', async (value, sameValue) => {
    try {
      vi.stubEnv('NEST_LOG_LEVEL', value);
      const alone = await run({}, {});
      vi.stubEnv('NEST_LOG_LEVEL', sameValue);
      const ours = await run({}, WITH_MODULE);
      expect(ours.written.map((line) => line.replace(sameValue, value))).toEqual(alone.written);
      expect(linesOf(ours.streamed)).toEqual(linesOf(alone.written));
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

describe('app.useLogger(app.get(LogStreamLogger))', () => {
  freshNestLogger();
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW }));
  afterEach(() => void vi.useRealTimers());

  it.each([
    'nothing set',
    'levels',
    'logger: false',
    'a ConsoleLogger with JSON',
    'a subclass',
    'any object',
    'useLogger(levels) after',
  ])('prints what the app prints, but for the `+Nms` of Nest’s own loggers: %s', async (name) => {
    const one = CASES[name]!;
    const alone = await run(one, {});
    const ours = await run(one, {
      imports: [LogStreamModule.forRoot()],
      setup: (app) => {
        setupLogStreaming(app);
        app.useLogger(app.get(LogStreamLogger));
      },
    });
    const withoutTimes = (lines: string[]): string[] =>
      // oxlint-disable-next-line no-control-regex -- colours
      lines.map((line) => line.replace(/(?:\u001B\[[\d;]+m)? \+\d+ms(?:\u001B\[\d+m)?/, ''));
    expect(withoutTimes(ours.written)).toEqual(withoutTimes(alone.written));
    expect(linesOf(ours.streamed)).toEqual(linesExpected(one, alone));
  });
});

/** The lines of the app itself, of which there are so many ways to log them. */
const ALL_LINES = [
  'early log',
  'early debug',
  'log',
  'warn',
  'error',
  'debug',
  'verbose',
  'fatal',
  'with fields',
  'with stack',
  'of no context',
  'lazy',
  'static log',
  'static warn',
  'static error',
  'injected',
  'of a timed logger',
].map((line) => `line: ${line};`);

interface Additions {
  readonly imports?: ModuleMetadata['imports'];
  readonly setup?: (app: INestApplication) => void;
}

const WITH_MODULE: Additions = {
  imports: [LogStreamModule.forRoot()],
  setup: (app) => setupLogStreaming(app),
};

interface Run {
  readonly written: string[];
  readonly streamed: string[];
}

async function run(
  { options, first, before, after }: Case,
  { imports = [], setup }: Additions,
): Promise<Run> {
  Reflect.set(ConsoleLogger, 'lastTimestampAt', NOW - 7);
  const streamed: string[] = [];
  const written = await writtenDuring(async () => {
    const early = new Logger('Early');
    first?.();
    @Injectable()
    class Service {
      readonly logger = new Logger(Service.name);
    }
    @Module({ imports, providers: [Service, { provide: Logger, useFactory: () => new Logger('Injected') }] })
    class AppModule {}
    const app = await NestFactory.create(AppModule, options?.());
    before?.(app);
    setup?.(app);
    after?.(app);
    await app.listen(0, '127.0.0.1');
    if (setup) app.get(LogStream).records$.subscribe(({ message }) => streamed.push(message));
    logAll(early, app.get(Service).logger, app.get(Logger));
    app.flushLogs();
    await app.close();
  });
  freshNestLogger.now();
  return { written: written.filter((line) => !isOfModule(line)), streamed };
}

function logAll(early: Logger, logger: Logger, injected: Logger): void {
  const line = (text: string): string => `line: ${text};`;
  early.log(line('early log'));
  early.debug(line('early debug'));
  logger.log(line('log'));
  logger.warn(line('warn'));
  logger.error(line('error'));
  logger.debug(line('debug'));
  logger.verbose(line('verbose'));
  logger.fatal(line('fatal'));
  logger.log(line('with fields'), { a: 1, nested: { b: [1, 2] } });
  logger.error(line('with stack'), 'Error: x\n    at file.js:1:1');
  new Logger().warn(line('of no context'));
  logger.log(() => line('lazy'));
  Logger.log(line('static log'));
  Logger.warn(line('static warn'), 'Static');
  Logger.error(line('static error'), undefined, 'Static');
  injected.log(line('injected'));
  new Logger('Timed', { timestamp: true }).log(line('of a timed logger'));
}

/** Nest tells of the modules that it has found, ours among them. */
function isOfModule(line: string): boolean {
  return /LogStream|ConfigurableModuleClass|WebSocketsController/.test(line);
}

/** What the stream has: what was printed. But with JSON, Nest 11 prints nothing in the place of a lazy message. */
function linesExpected(one: Case, { written }: Run): string[] {
  const all = linesOf(ALL_LINES);
  if (one.silent) return all;
  const printed = linesOf(written);
  const isJson = !onNest12 && written.some((line) => line.includes('{"level"'));
  const isOn = (line: string): boolean => printed.includes(line === 'lazy' ? 'log' : line);
  return isJson ? all.filter(isOn) : printed;
}

/** The app's own lines in some output. */
function linesOf(output: readonly string[]): string[] {
  return [...output.join('\n').matchAll(/line: ([^;]+);/g)].map(([, text]) => text!);
}

function staticsOf(logger: typeof Logger): unknown[] {
  return [
    Object.getOwnPropertyDescriptor(logger.prototype, 'localInstance'),
    ...['log', 'error', 'warn', 'debug', 'verbose', 'fatal', 'overrideLogger', 'staticInstanceRef'].map(
      (name) => Object.getOwnPropertyDescriptor(logger, name),
    ),
    Object.getOwnPropertySymbols(logger),
  ];
}
