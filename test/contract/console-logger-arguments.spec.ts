import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { NEST_LOG_LEVELS } from '../../src/record/log-call.js';
import { LEVEL_OF_NEST } from '../../src/record/level.js';
import { type LogRecord } from '../../src/record/log-record.js';
import { logArguments } from '../unit/support/log-arguments.js';
import { streamingLogger } from '../unit/support/streaming-logger.js';
import { runs } from '../harness/property-runs.js';
import { onNest12 } from '../harness/nest-version.js';

/** What Nest's own JSON logger makes of one message. */
interface JsonRecord {
  readonly level: LogLevel;
  readonly message: unknown;
  readonly context?: string;
  readonly stack?: string;
  readonly error?: Record<string, unknown>;
  readonly params?: Record<string, unknown>;
}

/** Nest's `ConsoleLogger` in JSON mode; keeps the objects that it would write. */
class Original extends ConsoleLogger {
  readonly printed: JsonRecord[] = [];
  private readonly plainText = new PlainText();

  constructor(levels?: LogLevel[]) {
    super({ json: true, ...(levels ? { logLevels: levels } : {}) });
  }

  /** What the same logger prints for a message when it prints text without colours. */
  text(message: unknown): string {
    return this.plainText.textOf(message);
  }

  protected override printAsJson(
    message: unknown,
    options: Parameters<ConsoleLogger['getJsonLogObject']>[1],
  ): void {
    this.printed.push(this.getJsonLogObject(message, options) as unknown as JsonRecord);
  }
}

class PlainText extends ConsoleLogger {
  constructor() {
    super({ colors: false });
  }

  textOf(message: unknown): string {
    return this.stringifyMessage(message, 'log');
  }
}

const level = fc.constantFrom(...NEST_LOG_LEVELS);

const SHARED = new Error('made before the call: its stack does not depend on who asks for it');

// What Nest 11 makes of arguments, which knows no params, is in test/nest-11.
describe.runIf(onNest12)('LogStreamLogger reads its arguments as ConsoleLogger does', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('for any arguments at any level', () => {
    fc.assert(
      fc.property(level, logArguments, (method, args) => {
        const original = new Original();
        original[method](...(args as [unknown]));
        // Any number may happen to be that of a card.
        const ours = streamingLogger({ redact: false });
        ours.logger[method](...(args as [unknown]));
        expect(ours.logger.failures).toEqual({ inner: 0, stream: 0 });
        expect(ours.records.map(seen)).toEqual(
          original.printed.map((printed) => expected(printed, original)),
        );
      }),
      { numRuns: runs(3_000) },
    );
  });

  it.each<[string, LogLevel, unknown[]]>([
    ['a message alone', 'log', ['hello']],
    ['nothing at all', 'log', []],
    ['an undefined context', 'error', ['hello', undefined]],
    ['a stack', 'error', ['hello', new Error('x').stack]],
    ['a stack and a context', 'error', ['hello', new Error('x').stack, 'Ctx']],
    ['a context and a stack', 'fatal', ['hello', 'Ctx', new Error('x').stack]],
    ['an undefined stack and a context', 'error', ['hello', undefined, 'Ctx']],
    ['text in place of the stack', 'error', ['hello', 'no stack', 'Ctx']],
    ['several messages and a context', 'warn', ['one', 'two', 3, 'Ctx']],
    ['params between messages', 'debug', ['one', { a: 1 }, 'two', { b: 2 }, 'Ctx']],
    ['the same param twice', 'verbose', ['one', { a: 1 }, { a: 2 }]],
    ['an error as the message', 'error', [new Error('x'), 'Ctx']],
    ['an error after the message', 'error', ['failed', new Error('x'), 'Ctx']],
    ['two errors', 'error', [new Error('one'), new Error('two')]],
    ['an error in a lazy message', 'error', [() => SHARED]],
    ['an error among params', 'error', ['failed', { error: new Error('x') }]],
    ['an error that caused itself', 'error', [selfCaused()]],
  ])('for %s', (_name, method, args) => {
    const original = new Original();
    original[method](...(args as [unknown]));
    const ours = streamingLogger();
    ours.logger[method](...(args as [unknown]));
    expect(original.printed.length).toBeGreaterThan(0);
    expect(ours.records.map(seen)).toEqual(original.printed.map((printed) => expected(printed, original)));
  });
});

describe('LogStreamLogger streams the levels that ConsoleLogger prints', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('for any levels set with setLogLevels', () => {
    fc.assert(
      fc.property(fc.subarray([...NEST_LOG_LEVELS]), (levels) => {
        const original = new Original();
        const ours = streamingLogger();
        original.setLogLevels([...levels]);
        ours.logger.setLogLevels([...levels]);
        expect(levelsOf(ours)).toEqual(levelsPrinted(original));
      }),
    );
  });

  it('when the levels are set again', () => {
    const original = new Original();
    const ours = streamingLogger();
    for (const levels of [['fatal'], ['log', 'debug'], []] as LogLevel[][]) {
      original.setLogLevels(levels);
      ours.logger.setLogLevels(levels);
      original.printed.length = 0;
      ours.stream.history.clear();
      expect(levelsOf(ours)).toEqual(levelsPrinted(original));
    }
  });

  it.each([
    'warn',
    'verbose,fatal',
    '>=error',
    '>debug',
    ' > = log ',
    '',
    'FATAL',
    'nonsense',
    'warn,nonsense',
  ])('for NEST_LOG_LEVEL=%j', (value) => {
    vi.stubEnv('NEST_LOG_LEVEL', value);
    const original = new Original();
    const ours = streamingLogger();
    const printed = levelsPrinted(original);
    expect(printed.length).toBeGreaterThan(0);
    expect(levelsOf(ours)).toEqual(printed);
  });

  it('ignores NEST_LOG_LEVEL when levels were set, as Nest does', () => {
    vi.stubEnv('NEST_LOG_LEVEL', 'fatal');
    const ours = streamingLogger();
    ours.logger.setLogLevels(['debug', 'warn']);
    expect(levelsOf(ours)).toEqual(levelsPrinted(new Original(['debug', 'warn'])));
  });
});

function selfCaused(): Error {
  const error = new Error('x');
  return Object.assign(error, { cause: error });
}

/** Logs once at each level; the messages that arrived. */
function levelsOf(ours: ReturnType<typeof streamingLogger>): string[] {
  for (const method of NEST_LOG_LEVELS) ours.logger[method](method);
  return ours.records.map((record) => record.message);
}

function levelsPrinted(original: Original): string[] {
  for (const method of NEST_LOG_LEVELS) original[method](method);
  // An invalid NEST_LOG_LEVEL also makes Nest's logger warn, in its own name.
  return original.printed
    .filter((printed) => printed.context !== 'ConsoleLogger')
    .map((printed) => String(printed.message));
}

interface Comparable {
  readonly level: string;
  readonly logger: string;
  readonly message: string;
  readonly params: readonly string[];
  readonly error: unknown;
}

function seen(record: LogRecord): Comparable {
  const { level: name, logger, message, extra, error, truncated } = record;
  expect(truncated).toBe(false);
  // As on the wire, where -0 is 0.
  const sent: unknown = error && JSON.parse(JSON.stringify(error));
  return { level: name, logger, message, params: Object.keys(extra), error: sent };
}

function expected(printed: JsonRecord, original: Original): Comparable {
  // JSON leaves out what is undefined, in both.
  const params = Object.entries(printed.params ?? {}).filter(([, value]) => value !== undefined);
  return {
    level: LEVEL_OF_NEST[printed.level],
    logger: printed.context ?? 'root',
    message: typeof printed.message === 'string' ? printed.message : original.text(printed.message),
    params: params.map(([name]) => name),
    error: printed.error ? withoutEmptyStack(printed.error) : errorOfStack(printed),
  };
}

function withoutEmptyStack(error: Record<string, unknown>): unknown {
  return JSON.parse(
    JSON.stringify(error, (key, value: unknown) => (key === 'stack' && !value ? undefined : value)),
  );
}

/** A stack passed as text becomes an error, whose name and message are read off it. */
function errorOfStack(printed: JsonRecord): unknown {
  return printed.stack
    ? { name: expect.any(String), message: expect.any(String), stack: printed.stack }
    : undefined;
}
