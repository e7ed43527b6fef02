import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { auditLog } from '../../../src/audit/audit-log.js';
import { streamingLogger } from '../support/streaming-logger.js';

/** Evaluates an expression in a realm of its own, as jest does with every test. */
const foreign = (expression: string): unknown => runInNewContext(expression) as unknown;

describe('values of another realm', () => {
  it.each<[string, unknown]>([
    ['new Map([["a", { b: 1 }]])', { a: { b: 1 } }],
    ['new Map([[1, 2]])', [[1, 2]]],
    ['new Set([1, "x"])', [1, 'x']],
    ['[1, [2]]', [1, [2]]],
    ['new Date(0)', '1970-01-01T00:00:00.000Z'],
    ['/a+/g', '/a+/g'],
    ['new WeakMap()', '[WeakMap]'],
    ['Promise.resolve(1)', '[Promise]'],
    ['new Uint8Array(3)', '[Uint8Array: 3 bytes]'],
    ['new Number(5)', '5'],
    ['({ a: { b: [1n] } })', { a: { b: ['1'] } }],
  ])('are fields as those of this one: %s', (expression, expected) => {
    const ours = streamingLogger();
    ours.logger.log('m', { value: foreign(expression) }, 'Ctx');
    expect(ours.record.extra).toEqual({ value: expected });
  });

  it.each(['new RangeError("x")', 'new (class Own extends Error { name = "Own" })("x")'])(
    'are errors as fields, as causes and in lists: %s',
    (expression) => {
      const error = foreign(expression) as Error;
      const ours = streamingLogger();
      ours.logger.error('m', { error, list: [error] }, 'Ctx');
      const plain = { name: error.name, message: 'x', stack: error.stack };
      expect(ours.record.extra).toEqual({ error: plain, list: [plain] });
      ours.logger.error('outer', new Error('y', { cause: error }), 'Ctx');
      expect(ours.records[1]!.error).toMatchObject({ message: 'y', cause: plain });
    },
  );

  it.each([
    ['as the message', (error: unknown) => [error, 'Ctx'], 'x'],
    ['behind the message', (error: unknown) => ['failed', error, 'Ctx'], 'failed'],
  ] as const)('are the error of a record %s', (_, args, message) => {
    const error = foreign('new RangeError("x")') as Error;
    const ours = streamingLogger();
    ours.logger.error(...(args(error) as [unknown]));
    expect(ours.records.map((record) => record.message)).toEqual([message]);
    expect(ours.record.error).toEqual({ name: 'RangeError', message: 'x', stack: error.stack });
  });

  it('are params where they are plain', () => {
    const ours = streamingLogger();
    ours.logger.log('m', foreign('({ a: 1 })'), 'Ctx');
    expect(ours.record.extra).toEqual({ a: 1 });
  });

  it('are audited as they are', async () => {
    const ours = streamingLogger();
    await auditLog(ours.logger, 'Done', {
      action: 'error',
      metadata: { reason: foreign('new TypeError("x")'), seen: foreign('new Set([1])') },
    });
    expect(ours.record.metadata).toMatchObject({ reason: { name: 'TypeError', message: 'x' }, seen: [1] });
  });
});

describe('an error that suppressed another', () => {
  const [last, before] = [new RangeError('while closing'), new TypeError('while working')];

  /** As TypeScript compiles `using` for a Node without a `SuppressedError`. */
  const compiled = Object.assign(new Error('An error was suppressed during disposal.'), {
    name: 'SuppressedError',
    error: last,
    suppressed: before,
  });

  it.each([
    ['of the language', 'SuppressedError' in globalThis ? newSuppressedError(last, before) : compiled],
    ['as TypeScript makes it', compiled],
  ])('shows both: %s', (_, error) => {
    const ours = streamingLogger();
    ours.logger.error(error, 'Ctx');
    expect(ours.record.error).toMatchObject({
      name: 'SuppressedError',
      error: { name: 'RangeError', message: 'while closing' },
      suppressed: { name: 'TypeError', message: 'while working' },
    });
  });

  it('is no error that only has a field `error`', () => {
    const ours = streamingLogger();
    ours.logger.error(Object.assign(new Error('refused'), { error: 'invalid_grant', detail: {} }), 'Ctx');
    expect(ours.record.error).toMatchObject({ message: 'refused', error: 'invalid_grant' });
    expect(ours.record.error).not.toHaveProperty('suppressed');
  });
});

function newSuppressedError(error: Error, suppressed: Error): Error {
  const { SuppressedError } = globalThis as unknown as {
    SuppressedError: new (error: unknown, suppressed: unknown, message?: string) => Error;
  };
  return new SuppressedError(error, suppressed);
}
