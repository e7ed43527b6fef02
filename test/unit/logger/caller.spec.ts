import { ConsoleLogger, Logger, type LoggerService } from '@nestjs/common';
import { type LogStreamOptions } from 'nestjs-log-stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PlainFraming } from '../../../src/monitor/protocol/plain-framing.js';
import { RecordText } from '../../../src/monitor/protocol/record-text.js';
import { resolveOptions } from '../../../src/options/resolve-options.js';
import { type LogRecord } from '../../../src/record/log-record.js';
import { FanOut } from '../../../src/subscription/fan-out.js';
import { type Framing } from '../../../src/subscription/framing.js';
import { type Watcher } from '../../../src/subscription/watcher.js';
import { FakeOutlet, SeqFraming } from '../subscription/fakes.js';
import { asyncFunction, CallSites, lineOf, plainFunction } from '../support/call-sites.js';
import { restoreNestLogger } from '../support/nest-logger-state.js';
import { streamingLogger } from '../support/streaming-logger.js';

type Caller = Pick<LogRecord, 'module' | 'function' | 'line'>;

const LEVELS = ['error', 'warn', 'debug', 'verbose', 'fatal'];

function callerOf(records: readonly LogRecord[], message: string): Caller {
  const found = records.find((record) => record.message === message);
  if (!found) throw new Error(`no record '${message}'`);
  const { module, function: name, line } = found;
  return { module, function: name, line };
}

describe.each([
  ['directly', false],
  ["through Nest's Logger", true],
])('the caller of a log call made %s', (_way, throughNest) => {
  restoreNestLogger();

  function started(): { sites: CallSites; logger: LoggerService; caller: (message: string) => Caller } {
    const ours = streamingLogger({ logger: new ConsoleLogger({ logLevels: [] }) });
    Logger.overrideLogger(ours.logger);
    const logger = throughNest ? new Logger('Ctx') : ours.logger;
    CallSites.logger = logger;
    return { sites: new CallSites(logger), logger, caller: (message) => callerOf(ours.records, message) };
  }

  const at = (message: string, name: string | undefined): Caller => ({
    module: 'call-sites',
    function: name,
    line: lineOf(message),
  });

  it('is the method', () => {
    const { sites, caller } = started();
    sites.method();
    expect(caller('method')).toEqual(at('method', 'method'));
  });

  it.each(LEVELS)('is the method at level %s too', (level) => {
    const { sites, caller } = started();
    sites.everyLevel();
    expect(caller(level)).toEqual(at(level, 'everyLevel'));
  });

  it('is the asynchronous method, before and after an await', async () => {
    const { sites, caller } = started();
    await sites.asynchronous();
    expect(caller('before await')).toEqual(at('before await', 'asynchronous'));
    expect(caller('after await')).toEqual(at('after await', 'asynchronous'));
  });

  it('is the constructor, by the name of its class', () => {
    const { caller } = started();
    expect(caller('constructor')).toEqual(at('constructor', 'CallSites'));
  });

  it('is the static method', () => {
    const { caller } = started();
    CallSites.staticMethod();
    expect(caller('static')).toEqual(at('static', 'staticMethod'));
  });

  it('is the getter and the setter, by the name of the property', () => {
    const { sites, caller } = started();
    sites.total = sites.total + 1;
    expect(caller('getter')).toEqual(at('getter', 'total'));
    expect(caller('setter')).toEqual(at('setter', 'total'));
  });

  it('is the arrow function, by the name of what it was assigned to', () => {
    const { sites, caller } = started();
    sites.arrow();
    sites.property();
    expect(caller('arrow')).toEqual(at('arrow', 'inArrow'));
    expect(caller('property')).toEqual(at('property', 'property'));
  });

  it('is a function without name, which is called so', async () => {
    const { sites, caller } = started();
    sites.callback();
    await sites.thenCallback();
    await sites.invoked();
    for (const message of ['callback', 'then', 'invoked']) {
      expect(caller(message)).toEqual(at(message, '<anonymous>'));
    }
  });

  it('never has a name that Node has given it', async () => {
    const { sites, caller } = started();
    await sites.timers();
    for (const message of ['timeout', 'interval', 'immediate', 'tick', 'lookup']) {
      expect(caller(message)).toEqual(at(message, '<anonymous>'));
    }
    expect(caller('named timeout')).toEqual(at('named timeout', 'named'));
  });

  it('has the name of the slot that the application called it by, where it has no other', () => {
    const { sites, caller } = started();
    sites.slots();
    expect(caller('slot')).toEqual(at('slot', 'first slot'));
  });

  it('is the generator, the private method, the function, the async function', async () => {
    const { sites, logger, caller } = started();
    [...sites.generator()].forEach(() => {});
    sites.callHidden();
    plainFunction(logger);
    await asyncFunction(logger);
    expect(caller('generator')).toEqual(at('generator', 'generator'));
    expect(caller('private')).toMatchObject({ module: 'call-sites', line: lineOf('private') });
    expect(caller('private').function).toMatch(/hidden/);
    expect(caller('function')).toEqual(at('function', 'plainFunction'));
    expect(caller('async function')).toEqual(at('async function', 'asyncFunction'));
  });

  it('is right again when the same place logs again, and for its neighbour on the same line', () => {
    const { sites, caller } = started();
    sites.repeatedly(3);
    sites.method();
    sites.twiceOnOneLine();
    expect(caller('repeated')).toEqual(at('repeated', 'repeatedly'));
    expect(caller('method')).toEqual(at('method', 'method'));
    expect(caller('left')).toEqual(at('left', 'twiceOnOneLine'));
    expect(caller('right')).toEqual(at('left', 'twiceOnOneLine'));
  });

  it('is not confused by two functions on one line, or by one function called from two places', () => {
    const { logger, caller } = started();
    // prettier-ignore
    const first = (): void => logger.log('first'), second = (): void => logger.log('second');
    const both = (message: string): void => logger.log(message);
    first();
    second();
    both('one');
    both('two');
    first();
    expect(caller('first').function).toBe('first');
    expect(caller('second').function).toBe('second');
    expect(caller('first').line).toBe(caller('second').line);
    expect(caller('one')).toEqual(caller('two'));
    expect(caller('one').module).toBe('caller.spec');
  });

  it('is the static call', () => {
    const { caller } = started();
    Logger.log('static call', 'Ctx');
    expect(caller('static call').module).toBe('caller.spec');
  });

  it('is found however many frames are above it', () => {
    const { logger, caller } = started();
    const deep = (depth: number): void => (depth === 0 ? logger.log('deep') : deep(depth - 1));
    deep(50);
    expect(caller('deep')).toMatchObject({ module: 'caller.spec', function: 'deep' });
  });

  it('is the top level of a module', async () => {
    const { logger, caller } = started();
    (globalThis as { topLevelLogger?: LoggerService }).topLevelLogger = logger;
    try {
      // A module runs once: the comment makes it another one for each of the two ways.
      const source = `globalThis.topLevelLogger.log('top level'); // ${throughNest}`;
      await import(`data:text/javascript,${encodeURIComponent(source)}`);
    } finally {
      delete (globalThis as { topLevelLogger?: LoggerService }).topLevelLogger;
    }
    expect(caller('top level').function).toBe('<module>');
    expect(caller('top level').line).toBe(1);
  });
});

describe('the option `caller`', () => {
  const logged = (options: LogStreamOptions, watched: boolean): Caller => {
    const ours = streamingLogger(options);
    if (watched) ours.stream.records$.subscribe();
    ours.logger.log('here');
    return callerOf(ours.records, 'here');
  };
  const known = { module: 'caller.spec', function: 'logged', line: expect.any(Number) };
  const unknown = { module: undefined, function: undefined, line: undefined };

  it('looks every caller up by default, within its budget, and with `always`', () => {
    expect(logged({}, false)).toEqual(known);
    expect(logged({ caller: 'always' }, false)).toEqual(known);
  });

  it('looks callers up only while somebody observes with `watched`', () => {
    expect(logged({ caller: 'watched' }, false)).toEqual(unknown);
    expect(logged({ caller: 'watched' }, true)).toEqual(known);
  });

  it('stops looking up when the last observer is gone with `watched`', () => {
    const ours = streamingLogger({ caller: 'watched' });
    const subscription = ours.stream.records$.subscribe();
    ours.logger.log('watched');
    subscription.unsubscribe();
    ours.logger.log('alone');
    expect(callerOf(ours.records, 'watched').module).toBe('caller.spec');
    expect(callerOf(ours.records, 'alone')).toEqual(unknown);
  });

  it('never looks a caller up with `never`, and the wire has none of the three fields', () => {
    expect(logged({ caller: 'never' }, true)).toEqual(unknown);
    const ours = streamingLogger({ caller: 'never' });
    ours.logger.log('here');
    expect(Object.keys((JSON.parse(ours.wire[0]!) as { data: object }).data)).toEqual([
      'timestamp',
      'level',
      'logger',
      'message',
    ]);
  });
});

describe('the caller within a budget', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
  afterEach(() => void vi.useRealTimers());

  /** Logs until the budget is spent, at one moment. */
  function spent(): ReturnType<typeof streamingLogger> {
    const ours = streamingLogger({ history: { records: 10 } });
    const newest = (): LogRecord => ours.stream.history.at(ours.stream.history.end - 1)!;
    let lines = 0;
    do ours.logger.log('storm');
    while (newest().module !== undefined && ++lines < 100_000);
    expect(lines).toBeGreaterThan(900);
    expect(lines).toBeLessThan(100_000);
    return ours;
  }
  const newest = ({ records }: { records: LogRecord[] }): Caller =>
    callerOf(records.slice(-1), records.at(-1)!.message);
  const unknown = { module: undefined, function: undefined, line: undefined };

  it('is left out in a storm, all three fields of it, and comes back as time passes', () => {
    const ours = spent();
    ours.logger.log('in the storm');
    expect(newest(ours)).toEqual(unknown);
    vi.advanceTimersByTime(1_000);
    ours.logger.log('later');
    expect(newest(ours).module).toBe('caller.spec');
  });

  it('is known of WARNING and above when there is nothing left for others', () => {
    const ours = spent();
    ours.logger.warn('warning');
    expect(newest(ours).module).toBe('caller.spec');
    ours.logger.error('error');
    expect(newest(ours).module).toBe('caller.spec');
    ours.logger.log('log');
    expect(newest(ours)).toEqual(unknown);
  });

  it('is known of each line while a client of the plain format watches, and of no more when it is gone', () => {
    const ours = spent();
    const fanOut = new FanOut(ours.stream, resolveOptions({}).flush);
    const watch = (framing: Framing): Watcher => fanOut.watch(new FakeOutlet(), { framing, filters: [] });
    const extended = watch(new SeqFraming());
    ours.logger.log('one');
    expect(newest(ours)).toEqual(unknown);
    const plain = watch(new PlainFraming(new RecordText()));
    ours.logger.log('two');
    expect(newest(ours).module).toBe('caller.spec');
    fanOut.unwatch(plain);
    ours.logger.log('three');
    expect(newest(ours)).toEqual(unknown);
    fanOut.unwatch(extended);
  });
});

describe('a call inside of another one', () => {
  restoreNestLogger();

  it('has its own caller, however it is made', () => {
    const ours = streamingLogger({ logger: new ConsoleLogger({ logLevels: [] }) });
    Logger.overrideLogger(ours.logger);
    const outer = new Logger('Outer');
    function lazily(): string {
      ours.logger.log('direct');
      new Logger('Inner').log('by Nest');
      return 'outer';
    }
    function log(): void {
      outer.log(lazily);
    }
    log();
    expect(callerOf(ours.records, 'direct').function).toBe('lazily');
    expect(callerOf(ours.records, 'by Nest').function).toBe('lazily');
    expect(callerOf(ours.records, 'outer').function).toBe('log');
  });
});

describe('what the application set on `Error`', () => {
  const { stackTraceLimit } = Error;
  const { prepareStackTrace } = Error;
  beforeEach(() => {
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  });
  afterEach(() => {
    Object.defineProperty(Error, 'stackTraceLimit', {
      value: stackTraceLimit,
      writable: true,
      configurable: true,
      enumerable: true,
    });
    Error.prepareStackTrace = prepareStackTrace;
    vi.restoreAllMocks();
  });

  it.each([0, 1, 500, Number.POSITIVE_INFINITY])('stays: a stackTraceLimit of %d', (limit) => {
    const ours = streamingLogger();
    Error.stackTraceLimit = limit;
    ours.logger.log('here');
    expect(Error.stackTraceLimit).toBe(limit);
    Error.stackTraceLimit = stackTraceLimit;
    expect(callerOf(ours.records, 'here').module).toBe('caller.spec');
  });

  it.each<[string, typeof Error.prepareStackTrace]>([
    ['returns the frames', (_error, frames) => frames],
    ['returns a text of its own', (error, frames) => `${String(error)} with ${frames.length} frames`],
    ['returns nothing', () => undefined],
  ])('stays: a prepareStackTrace that %s', (_does, prepare) => {
    const ours = streamingLogger();
    Error.prepareStackTrace = prepare;
    ours.logger.log('here');
    expect(Error.prepareStackTrace).toBe(prepare);
    Error.prepareStackTrace = prepareStackTrace;
    expect(callerOf(ours.records, 'here')).toMatchObject({ module: 'caller.spec' });
  });

  it('stays: a prepareStackTrace that throws; the record has no caller then', () => {
    const ours = streamingLogger();
    const prepare = (): never => {
      throw new Error('cannot prepare');
    };
    Error.prepareStackTrace = prepare;
    ours.logger.log('here');
    expect(Error.prepareStackTrace).toBe(prepare);
    Error.prepareStackTrace = prepareStackTrace;
    expect(ours.record.message).toBe('here');
    expect(ours.record.module).toBeUndefined();
    expect(ours.logger.failures).toEqual({ inner: 0, stream: 0 });
  });

  it('costs no record where `Error` cannot be changed', () => {
    const ours = streamingLogger();
    Object.defineProperty(Error, 'stackTraceLimit', { value: 10, writable: false });
    ours.logger.log('here');
    expect(ours.record.message).toBe('here');
    expect(ours.logger.failures.stream).toBe(0);
  });

  it('stays when there is no stackTraceLimit at all', () => {
    const ours = streamingLogger();
    Reflect.deleteProperty(Error, 'stackTraceLimit');
    ours.logger.log('here');
    expect(Error.stackTraceLimit).toBeUndefined();
    expect(ours.record.message).toBe('here');
  });
});
