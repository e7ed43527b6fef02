import { ConsoleLogger, Logger } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { onNest12 } from '../harness/nest-version.js';
import { capturedOutput } from '../unit/support/captured-output.js';
import { freshNestLogger } from '../unit/support/nest-logger-state.js';
import { streamingLogger } from '../unit/support/streaming-logger.js';

const FAILURE = new TypeError('out of stock');

/** What a record is by a call: its message, and what else it has. */
type Expected = readonly [message: string, rest?: object];

describe.skipIf(onNest12)('a log call of Nest 11 (on Nest 12: see `npm run test:nest11`)', () => {
  freshNestLogger();

  it.each<
    [
      string,
      keyof Pick<Logger, 'log' | 'error' | 'warn' | 'debug' | 'verbose' | 'fatal'>,
      unknown[],
      ...Expected[],
    ]
  >([
    ['a text', 'log', ['hello'], ['hello']],
    ['a text with fields', 'warn', ['memory', { mb: 512 }], ['memory', { extra: { mb: 512 } }]],
    ['fields of several objects', 'debug', ['m', { a: 1 }, { b: 2 }], ['m', { extra: { a: 1, b: 2 } }]],
    ['several texts', 'verbose', ['one', 'two'], ['one'], ['two']],
    ['an object as the message', 'log', [{ a: 1 }], ['Object(1) {\n  a: 1\n}']],
    ['an error as the message', 'error', [FAILURE], ['out of stock', { error: { name: 'TypeError' } }]],
    [
      'an error behind the message',
      'error',
      ['failed', FAILURE],
      ['failed', { error: { name: 'TypeError' } }],
    ],
    ['a stack', 'error', ['failed', FAILURE.stack], ['failed', { error: { stack: FAILURE.stack } }]],
    [
      'a stack and fields',
      'error',
      ['failed', { id: 7 }, FAILURE.stack],
      ['failed', { extra: { id: 7 }, error: { stack: FAILURE.stack } }],
    ],
    ['a fatal with a stack', 'fatal', ['gone', FAILURE.stack], ['gone', { error: { stack: FAILURE.stack } }]],
    [
      'a fatal with fields',
      'fatal',
      ['gone', { disk: 'sda' }],
      ['gone', { level: 'CRITICAL', extra: { disk: 'sda' } }],
    ],
    ['a lazy message', 'debug', [() => 'dear'], ['dear']],
    ['a class', 'log', [FailedOrder], ['FailedOrder']],
  ])('makes a record of %s, and prints what Nest 11 prints', (_, level, args, ...expected) => {
    const ours = streamingLogger({ logger: new ConsoleLogger({ colors: false }) });
    Logger.overrideLogger(new ConsoleLogger({ colors: false }));
    const alone = capturedOutput(() => new Logger('Orders')[level](...(args as [unknown])));
    Logger.overrideLogger(ours.logger);
    const printed = capturedOutput(() => new Logger('Orders')[level](...(args as [unknown])));
    expect(printed.map(withoutTime)).toEqual(alone.map(withoutTime));
    expect(ours.records).toMatchObject(
      expected.map(([message, rest]) => ({ logger: 'Orders', message, ...rest })),
    );
    expect(ours.records).toHaveLength(expected.length);
  });
});

class FailedOrder {}

function withoutTime(line: string): string {
  return line.replace(/\d+\/\d+\/\d+, \d+:\d+:\d+ [AP]M/, '');
}
