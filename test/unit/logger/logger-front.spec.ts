import { ConsoleLogger, Logger, type LoggerService } from '@nestjs/common';
import { type LogStreamOptions } from 'nestjs-log-stream';
import { describe, expect, it, vi } from 'vitest';
import { LoggerInstallation } from '../../../src/logger/logger-installation.js';
import { resolveOptions } from '../../../src/options/resolve-options.js';
import { capturedOutput } from '../support/captured-output.js';
import { freshNestLogger } from '../support/nest-logger-state.js';
import { type StreamingLogger, streamingLogger } from '../support/streaming-logger.js';

class Installed implements Disposable {
  readonly ours: StreamingLogger;
  private readonly installation: LoggerInstallation;

  constructor(options: LogStreamOptions = {}) {
    this.ours = streamingLogger({ logger: undefined, ...options });
    this.installation = new LoggerInstallation(resolveOptions(options), this.ours.logger);
    this.installation.install();
  }

  get lines(): string[] {
    return this.ours.records.map(({ logger, message }) => `${logger} ${message}`);
  }

  [Symbol.dispose](): void {
    this.installation.onApplicationShutdown();
  }
}

/** A logger that keeps what it is told. */
function keeper(): LoggerService & { readonly kept: unknown[][] } {
  const kept: unknown[][] = [];
  const keep = (...args: unknown[]): void => void kept.push(args);
  return { kept, log: keep, error: keep, warn: keep };
}

const localGetter = (): unknown => Object.getOwnPropertyDescriptor(Logger.prototype, 'localInstance')?.get;

describe('what is logged through Nest’s Logger', () => {
  freshNestLogger();

  it('is streamed to every app of the process, printed once, whichever is closed first', () => {
    const before = [localGetter(), Logger.log];
    const inner = keeper();
    Logger.overrideLogger(inner);
    const logger = new Logger('App');
    const [first, second] = [new Installed(), new Installed()];
    logger.log('to both');
    first[Symbol.dispose]();
    logger.log('to the second');
    const third = new Installed();
    second[Symbol.dispose]();
    Logger.log('to the third', 'Static');
    third[Symbol.dispose]();
    logger.log('to none');
    expect(first.lines).toEqual(['App to both']);
    expect(second.lines).toEqual(['App to both', 'App to the second']);
    expect(third.lines).toEqual(['Static to the third']);
    expect(inner.kept.map(([message]) => message)).toEqual([
      'to both',
      'to the second',
      'to the third',
      'to none',
    ]);
    expect([localGetter(), Logger.log]).toEqual(before);
  });

  it('goes to both apps where one has put its own logger in the place of Nest’s, and is printed by that one', () => {
    const [inner, replacing] = [keeper(), keeper()];
    Logger.overrideLogger(inner);
    using first = new Installed();
    using second = new Installed({ logger: replacing });
    Logger.overrideLogger(second.ours.logger);
    new Logger('App').log('once');
    expect([first.lines, second.lines]).toEqual([['App once'], ['App once']]);
    expect([inner.kept, replacing.kept]).toEqual([[], [['once', 'App']]]);
  });

  it('is streamed once where the logger of the app hands it on to LogStreamLogger', () => {
    class Wrapper extends ConsoleLogger {
      constructor(private readonly inner: LoggerService) {
        super();
      }
      override log(message: unknown, ...rest: unknown[]): void {
        this.inner.log(`wrapped: ${String(message)}`, ...rest);
      }
    }
    using app = new Installed();
    Logger.overrideLogger(new Wrapper(app.ours.logger));
    const printed = capturedOutput(() => new Logger('App').log('hello'));
    expect(app.lines).toEqual(['App wrapped: hello']);
    expect(printed).toHaveLength(1);
    expect(printed[0]).toContain('wrapped: hello');
  });

  it('is streamed with the caller, by an instance, a static call, and a logger that was made before', () => {
    Logger.overrideLogger(keeper());
    using app = new Installed();
    function working(): void {
      new Logger('App').log('an instance');
      Logger.log('static');
    }
    working();
    expect(app.ours.records.map(({ module, function: name }) => [module, name])).toEqual([
      ['logger-front.spec', 'working'],
      ['logger-front.spec', 'working'],
    ]);
  });

  it('reaches the app as before where the logger throws: that is between the two', () => {
    const failure = new Error('an error was logged');
    Logger.overrideLogger({
      ...keeper(),
      error: () => {
        throw failure;
      },
    });
    using app = new Installed();
    expect(() => new Logger('App').error('bad')).toThrow(failure);
    expect(app.lines).toEqual(['App bad']);
  });

  it('runs a lazy message once, whose own lines are streamed and printed, too', () => {
    let runs = 0;
    using app = new Installed();
    const logger = new Logger('App');
    const printed = capturedOutput(() =>
      logger.log(() => {
        logger.warn(`while resolving ${(runs += 1)}`);
        app.ours.logger.warn('directly', 'Direct');
        return 'resolved';
      }),
    );
    expect(app.lines).toEqual(['App while resolving 1', 'Direct directly', 'App resolved']);
    expect(printed).toHaveLength(3);
  });

  it('may be logged by LogStreamLogger directly: the app’s logger of that moment prints it', () => {
    const later = keeper();
    using app = new Installed();
    const first = capturedOutput(() => app.ours.logger.log('first', 'Direct'));
    Logger.overrideLogger(later);
    app.ours.logger.write({ level: 'log', message: 'second', context: 'audit.x', params: { a: 1 } });
    expect(first).toHaveLength(1);
    expect(later.kept).toEqual([['second', { a: 1 }, 'audit.x']]);
    expect(app.lines).toEqual(['Direct first', 'audit.x second']);
  });
});

describe('the logger behind a Logger', () => {
  freshNestLogger();

  it('is still the one that it was, to whoever asks for it', () => {
    class Own extends ConsoleLogger {
      #calls = 0;
      count(): number {
        return (this.#calls += 1);
      }
    }
    const own = new Own('Own', { logLevels: ['error'] });
    Logger.overrideLogger(Object.freeze(own));
    using _app = new Installed();
    const seen = new Logger('App').localInstance as Own;
    expect(seen).toBeInstanceOf(Own);
    expect(seen).toBeInstanceOf(ConsoleLogger);
    expect('count' in seen).toBe(true);
    expect(seen.count() + own.count()).toBe(3);
    expect(seen.isLevelEnabled('log')).toBe(false);
    seen.setLogLevels(['log', 'error']);
    expect(own.isLevelEnabled('log')).toBe(true);
    expect(seen.constructor).toBe(Own);
  });

  it('keeps a context that is set through it', () => {
    const own = new ConsoleLogger('Own', { colors: false });
    Logger.overrideLogger(own);
    using _app = new Installed();
    (new Logger().localInstance as ConsoleLogger).setContext('Other');
    expect(capturedOutput(() => own.log('hello'))[0]).toContain('[Other] hello');
  });

  it('stays behind what somebody else has put before it since', () => {
    const inner = keeper();
    Logger.overrideLogger(inner);
    const app = new Installed();
    const spy = vi.spyOn(Logger, 'log');
    app[Symbol.dispose]();
    Logger.log('spied upon');
    expect(spy).toHaveBeenCalledOnce();
    spy.mockRestore();
    Logger.log('not any more');
    expect(inner.kept.map(([message]) => message)).toEqual(['spied upon', 'not any more']);
    expect(app.lines).toEqual([]);
    // The next app finds the front where it stayed, and takes it down.
    const next = new Installed();
    Logger.log('streamed again');
    next[Symbol.dispose]();
    expect(next.lines).toEqual(['root streamed again']);
    expect(Object.getOwnPropertySymbols(Logger)).toEqual([]);
  });

  it('is put back when the app is closed that had LogStreamLogger in its place', () => {
    const inner = keeper();
    Logger.overrideLogger(inner);
    const app = new Installed();
    Logger.overrideLogger(app.ours.logger);
    app[Symbol.dispose]();
    Logger.log('afterwards');
    expect(inner.kept).toEqual([['afterwards']]);
    expect(app.lines).toEqual([]);
  });
});
