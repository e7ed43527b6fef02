import { ConsoleLogger, Logger, type LoggerService, type LogLevel } from '@nestjs/common';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NEST_LOG_LEVELS } from '../../../src/record/log-call.js';
import { turns } from '../../harness/event-loop.js';
import { innerLoggerThrew } from '../../../src/logger/logger.messages.js';
import { call } from '../support/captured-output.js';
import { restoreNestLogger } from '../support/nest-logger-state.js';
import { streamingLogger } from '../support/streaming-logger.js';
import { onNest12 } from '../../harness/nest-version.js';

function lazyText(): string {
  return 'result';
}

type Received = readonly [level: string, args: readonly unknown[]];

/** An inner logger that remembers its calls. */
function recorder(): LoggerService & { readonly received: Received[] } {
  const received: Received[] = [];
  const method =
    (level: string) =>
    (...args: unknown[]): void =>
      void received.push([level, args]);
  return {
    received,
    log: method('log'),
    error: method('error'),
    warn: method('warn'),
    debug: method('debug'),
    verbose: method('verbose'),
    fatal: method('fatal'),
  };
}

describe('the inner logger', () => {
  restoreNestLogger();
  let warnings: unknown[][];
  beforeEach(() => {
    warnings = [];
    vi.spyOn(process, 'emitWarning').mockImplementation((...args: unknown[]) => void warnings.push(args));
  });
  afterEach(() => vi.restoreAllMocks());

  it.each(NEST_LOG_LEVELS)('gets the arguments of %s as they came', (level) => {
    const inner = recorder();
    const params = { a: 1 };
    call(streamingLogger({ logger: inner }).logger, { level, args: ['message', params, undefined, 'Ctx'] });
    expect(inner.received).toEqual([[level, ['message', params, undefined, 'Ctx']]]);
    expect(inner.received[0]![1][1]).toBe(params);
  });

  it('is called with itself as `this`', () => {
    const inner = new (class {
      lines: unknown[] = [];
      log(message: unknown): void {
        this.lines.push(message);
      }
      error(): void {}
      warn(): void {}
    })();
    streamingLogger({ logger: inner }).logger.log('hello');
    expect(inner.lines).toEqual(['hello']);
  });

  it('may be none: everything is streamed and nothing is printed', () => {
    const write = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
    const ours = streamingLogger({ logger: false });
    for (const level of NEST_LOG_LEVELS) call(ours.logger, { level, args: [level] });
    expect(ours.records.map((record) => record.message)).toEqual([...NEST_LOG_LEVELS]);
    expect(write).not.toHaveBeenCalled();
  });

  it('may lack the optional levels: the stream has them all the same', () => {
    const { received, log, error, warn } = recorder();
    const ours = streamingLogger({ logger: { log, error, warn } });
    for (const level of NEST_LOG_LEVELS) call(ours.logger, { level, args: [level] });
    expect(received.map(([level]) => level)).toEqual(['log', 'error', 'warn']);
    expect(ours.records.map((record) => record.message)).toEqual([...NEST_LOG_LEVELS]);
    expect(ours.logger.failures).toEqual({ inner: 0, stream: 0 });
  });

  it('gets the levels where it can set them', () => {
    const levels: LogLevel[][] = [];
    const inner = { ...recorder(), setLogLevels: (set: LogLevel[]) => void levels.push(set) };
    streamingLogger({ logger: inner }).logger.setLogLevels(['warn']);
    expect(levels).toEqual([['warn']]);
    expect(() => streamingLogger({ logger: recorder() }).logger.setLogLevels(['warn'])).not.toThrow();
  });

  it('may throw: the caller sees nothing, the line is streamed, one warning names the reason', () => {
    const reason = new Error('disk full');
    const inner = {
      ...recorder(),
      log: (): never => {
        throw reason;
      },
    };
    const ours = streamingLogger({ logger: inner });
    ours.logger.log('one');
    ours.logger.log('two');
    expect(ours.records.map((record) => record.message)).toEqual(['one', 'two']);
    expect(ours.logger.failures).toEqual({ inner: 2, stream: 0 });
    expect(warnings).toEqual([[innerLoggerThrew(reason), 'LogStreamWarning']]);
  });

  it('may throw when its levels are set', () => {
    const inner = {
      ...recorder(),
      setLogLevels: (): never => {
        throw new Error('not now');
      },
    };
    const ours = streamingLogger({ logger: inner });
    ours.logger.setLogLevels(['error']);
    ours.logger.log('hidden');
    ours.logger.error('shown');
    expect(ours.records.map((record) => record.message)).toEqual(['shown']);
    expect(ours.logger.failures.inner).toBe(1);
  });

  it('may throw what cannot be printed', () => {
    const unprintable = Object.create(null) as object;
    const inner = {
      ...recorder(),
      log: (): never => {
        throw unprintable;
      },
    };
    const ours = streamingLogger({ logger: inner });
    ours.logger.log('one');
    expect(ours.record.message).toBe('one');
    expect(warnings).toHaveLength(1);
  });

  it('may return a promise that is rejected', async () => {
    const reason = new Error('not sent');
    const rejected = Promise.reject(reason);
    const ours = streamingLogger({ logger: { ...recorder(), log: () => rejected } });
    ours.logger.log('one');
    await expect(rejected).rejects.toBe(reason);
    expect(ours.record.message).toBe('one');
    expect(ours.logger.failures.inner).toBe(1);
    expect(warnings).toEqual([[innerLoggerThrew(reason), 'LogStreamWarning']]);
  });

  it('may log through Nest, which leads back here: both lines are streamed, neither twice', () => {
    const inner = recorder();
    const chatty = {
      ...inner,
      log: (message: unknown) => {
        inner.log(message);
        new Logger('Inner').log(`written: ${String(message)}`);
      },
    };
    const ours = streamingLogger({ logger: chatty });
    Logger.overrideLogger(ours.logger);
    new Logger('App').log('hello');
    new Logger('App').log('again');
    expect(ours.records.map(({ logger, message }) => [logger, message])).toEqual([
      ['Inner', 'written: hello'],
      ['App', 'hello'],
      ['Inner', 'written: again'],
      ['App', 'again'],
    ]);
    expect(inner.received.map(([, [message]]) => message)).toEqual(['hello', 'again']);
  });

  it.each<[string, (log: () => Promise<void>) => unknown]>([
    ['and returns its promise', (log) => log()],
    ['and keeps its promise to itself', (log) => void log()],
  ])('may log after an await, %s: its line is streamed and does not come back to it', async (_, answer) => {
    const received: string[] = [];
    const shipping = {
      ...recorder(),
      log: (message: unknown): unknown =>
        answer(async () => {
          received.push(String(message));
          await turns(1);
          // Were it an endless loop, the test would still end.
          if (received.length < 20) new Logger('Inner').log(`shipped: ${String(message)}`);
        }),
    };
    const ours = streamingLogger({ logger: shipping });
    Logger.overrideLogger(ours.logger);
    new Logger('App').log('hello');
    await turns(60);
    expect(received).toEqual(['hello']);
    expect(ours.records.map(({ message }) => message)).toEqual(['hello', 'shipped: hello']);
    new Logger('App').log('again');
    expect(received).toEqual(['hello', 'again']);
    await turns(3);
  });

  it('gets what a lazy message logs later: that is not its own', async () => {
    const inner = recorder();
    const ours = streamingLogger({ logger: { ...inner, log: (lazy: () => unknown) => inner.log(lazy()) } });
    Logger.overrideLogger(ours.logger);
    ours.logger.log(() => {
      setImmediate(() => new Logger('App').warn('later'));
      return 'now';
    });
    await turns(3);
    expect(inner.received.map(([, [message]]) => message)).toEqual(['now', 'later']);
  });

  it.runIf(onNest12)('runs a lazy message at most once, together with the stream', () => {
    let runs = 0;
    const ours = streamingLogger({ logger: new ConsoleLogger({ json: true }) });
    const write = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
    ours.logger.log(() => `run ${(runs += 1)}`);
    expect(runs).toBe(1);
    expect(ours.record.message).toBe('run 1');
    expect(String(write.mock.calls[0]![0])).toContain('"message":"run 1"');
  });

  it.runIf(onNest12)('runs a lazy message that another one returns at most once too', () => {
    let runs = 0;
    const ours = streamingLogger({ logger: new ConsoleLogger({ json: true }) });
    const write = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
    ours.logger.log(() => () => `run ${(runs += 1)}`);
    expect(runs).toBe(1);
    expect(ours.record.message).toBe('run 1');
    expect(String(write.mock.calls[0]![0])).toContain('"message":"run 1"');
  });

  it('sees a lazy message as the function that it is, where it prints functions', () => {
    const inner = recorder();
    const lazy = Object.assign(lazyText, { displayName: 'shown' });
    streamingLogger({ logger: inner }).logger.log(lazy);
    const seen = inner.received[0]![1][0] as typeof lazy;
    expect([String(seen), inspect(seen), seen.name, seen.displayName]).toEqual([
      String(lazy),
      inspect(lazy),
      lazy.name,
      'shown',
    ]);
  });

  it('leaves a lazy message alone where the level is off', () => {
    const lazy = vi.fn(() => 'dear');
    const ours = streamingLogger({ logger: new ConsoleLogger() });
    ours.logger.setLogLevels(['error']);
    ours.logger.debug(lazy);
    expect(lazy).not.toHaveBeenCalled();
    expect(ours.records).toEqual([]);
  });
});
