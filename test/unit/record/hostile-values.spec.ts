import fc from 'fast-check';
import { RECORD_LIMITS } from 'nestjs-log-stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NEST_LOG_LEVELS } from '../../../src/record/log-call.js';
import { type LogRecord } from '../../../src/record/log-record.js';
import { call } from '../support/captured-output.js';
import { anyValue, HOSTILE } from '../support/hostile-values.js';
import { type StreamingLogger, streamingLogger } from '../support/streaming-logger.js';
import { runs } from '../../harness/property-runs.js';

/** A character takes most when JSON writes it as `\u0000`. */
const ESCAPED = 6;

/** The dearest that one counted character gets: a name of one character whose value is null, with all around it. */
const PER_CHARACTER = '"\\u0000":null,'.length;

/** No record of a log call is larger on the wire, whatever was logged. */
const WIRE_BOUND =
  ESCAPED * (RECORD_LIMITS.text + 3 * RECORD_LIMITS.name) +
  PER_CHARACTER * (RECORD_LIMITS.fields + RECORD_LIMITS.name) +
  1_000;

/** Characters of all texts and names in what a record keeps beside its message. */
function charactersOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Object.entries(value).map(
    ([name, field]) => (Array.isArray(value) ? 0 : name.length) + charactersOf(field),
  );
  return inner.reduce((sum, characters) => sum + characters, 0);
}

/** No half of a surrogate pair stands alone: UTF-8 could not carry it. */
function isWellFormed(text: string): boolean {
  return Buffer.from(text).toString() === text;
}

function expectSound(ours: StreamingLogger): void {
  expect(ours.logger.failures).toEqual({ inner: 0, stream: 0 });
  expect(ours.records.length).toBeGreaterThan(0);
  ours.wire.forEach((text, index) => {
    const record = ours.records[index]!;
    expect(text.length).toBeLessThanOrEqual(WIRE_BOUND);
    expect(isWellFormed(text)).toBe(true);
    const { data } = JSON.parse(text) as { data: Record<string, unknown> };
    expect(data['message']).toBe(record.message);
    expect(data['truncated']).toBe(record.truncated || undefined);
    expect(record.message.length).toBeLessThanOrEqual(RECORD_LIMITS.text);
    expect(record.logger.length).toBeLessThanOrEqual(RECORD_LIMITS.name);
    const { extra, metadata, action, error } = record;
    expect(charactersOf([extra, metadata, action])).toBeLessThanOrEqual(
      RECORD_LIMITS.fields + RECORD_LIMITS.name,
    );
    expect(charactersOf(error ?? null)).toBeLessThan(3 * RECORD_LIMITS.fields);
  });
}

describe('whatever is logged', () => {
  let warnings: unknown[];
  beforeEach(() => {
    warnings = [];
    vi.spyOn(process, 'emitWarning').mockImplementation((text) => void warnings.push(text));
  });
  afterEach(() => {
    vi.restoreAllMocks();
    expect(warnings).toEqual([]);
  });

  describe.each(Object.entries(HOSTILE))('%s', (_name, make) => {
    it.each<[string, (value: unknown) => unknown[]]>([
      ['as the message', (value) => [value, 'Ctx']],
      ['alone', (value) => [value]],
      ['as params', (value) => ['message', value, 'Ctx']],
      ['as params without context', (value) => ['message', value]],
      ['as a field', (value) => ['message', { before: 1, value, after: 2 }, 'Ctx']],
      ['as several messages', (value) => ['message', value, 'more', value, 'Ctx']],
      [
        'as details of an audit record',
        (value) => ['message', { action: value, metadata: value }, 'audit.x'],
      ],
      ['as the cause of an error', (value) => ['message', new Error('outer', { cause: value }), 'Ctx']],
    ])('gives a record %s', (_where, args) => {
      const ours = streamingLogger();
      for (const level of ['log', 'error'] as const) {
        expect(() => call(ours.logger, { level, args: args(make()) })).not.toThrow();
      }
      expectSound(ours);
      expect(ours.records.length).toBeGreaterThanOrEqual(2);
    });
  });

  it('in any combination: no call throws, every call gives records, all valid and within the bound', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...NEST_LOG_LEVELS),
        fc.array(anyValue, { minLength: 1, maxLength: 4 }),
        (level, makers) => {
          const args = makers.map((make) => make());
          const ours = streamingLogger({ history: { records: 100, bytes: 2 ** 40 } });
          call(ours.logger, { level, args });
          expectSound(ours);
        },
      ),
      { numRuns: runs(200) },
    );
  });

  it('beside it: the rest of the call is in the record', () => {
    for (const [name, make] of Object.entries(HOSTILE)) {
      const ours = streamingLogger();
      ours.logger.log('message', { fine: 'yes', hostile: { value: make() }, also: 1 }, 'Ctx');
      expect([name, ours.record.message, ours.record.logger]).toEqual([name, 'message', 'Ctx']);
      expect([name, ours.record.extra['fine']]).toEqual([name, 'yes']);
    }
  });

  it('beside a getter that throws: the other fields of the same object are in the record', () => {
    const ours = streamingLogger();
    const params = {
      before: 1,
      get bad(): never {
        throw new Error('boom');
      },
      after: 2,
    };
    ours.logger.error('message', params, 'Ctx');
    expect(ours.record).toMatchObject({ message: 'message', logger: 'Ctx', level: 'ERROR' });
    expect(ours.record.extra).toEqual({ before: 1, bad: expect.stringContaining('boom'), after: 2 });
  });

  it('a lazy message that throws still gives the line, with the reason', () => {
    const ours = streamingLogger();
    ours.logger.warn(
      () => {
        throw new TypeError('no user');
      },
      { user: 7 },
      'Ctx',
    );
    expect(ours.record).toMatchObject({ level: 'WARNING', logger: 'Ctx', extra: { user: 7 } });
    expect(ours.record.message).toContain('no user');
  });

  it('an error whose message throws is still an error, with its name and stack', () => {
    const error = new TypeError('hidden');
    const { stack } = error;
    Object.defineProperty(error, 'message', {
      get() {
        throw new Error('boom');
      },
    });
    const ours = streamingLogger();
    ours.logger.error(error, 'Ctx');
    expect(ours.record.logger).toBe('Ctx');
    expect(ours.record.error).toMatchObject({ name: 'TypeError', stack });
  });

  it('is published without a throw too, also where a type says otherwise', () => {
    fc.assert(
      fc.property(
        anyValue,
        fc.constantFrom(
          'a',
          'action',
          'message',
          'module',
          'function',
          'line',
          'level',
          'logger',
          'timestamp',
        ),
        (make, name) => {
          const ours = streamingLogger();
          ours.stream.publish({ message: 'm', [name]: make() } as { message: string });
          expectSound(ours);
        },
      ),
      { numRuns: runs(100) },
    );
  });
});

describe('`truncated`', () => {
  // Values around the limits; JSON values, so that what arrives can be compared with what was passed.
  const near = (limit: number): fc.Arbitrary<number> =>
    fc.oneof(
      fc.integer({ min: limit - 2, max: limit + 2 }),
      fc.integer({ min: 0, max: Math.ceil(limit / 3) }),
    );
  const textNear = fc
    .tuple(near(RECORD_LIMITS.text), fc.constantFrom('x', 'ä', '😀'))
    .map(([length, unit]) => unit.repeat(length).slice(0, length - (length % unit.length)));
  const nestedNear = near(RECORD_LIMITS.depth + 1).map((depth) => {
    let value: unknown = 'deep';
    for (let index = 0; index < depth; index++) value = index % 2 ? [value] : { value };
    return value;
  });
  const json = fc.oneof(
    fc.jsonValue(),
    textNear,
    nestedNear,
    near(RECORD_LIMITS.entries).map((length) => Array.from({ length }, (_, index) => index % 10)),
    near(RECORD_LIMITS.entries).map((length) =>
      Object.fromEntries(Array.from({ length }, (_, index) => [`k${index}`, null])),
    ),
    near(RECORD_LIMITS.name).map((length) => ({ ['n'.repeat(length)]: true })),
  );

  it('says exactly whether something of the fields was cut', () => {
    const seen = { cut: 0, whole: 0 };
    fc.assert(
      fc.property(fc.array(json, { minLength: 1, maxLength: 4 }), (values) => {
        const params = Object.fromEntries(values.map((value, index) => [`field${index}`, value]));
        const ours = streamingLogger();
        ours.logger.log('m', params, 'Ctx');
        const whole = JSON.stringify(ours.record.extra) === JSON.stringify(params);
        expect(ours.record.truncated).toBe(!whole);
        seen[whole ? 'whole' : 'cut'] += 1;
        expectSound(ours);
      }),
      { numRuns: 400 },
    );
    expect(Math.min(seen.cut, seen.whole)).toBeGreaterThan(20);
  });

  it('says exactly whether the message or the logger was cut, and cuts no character in half', () => {
    fc.assert(
      fc.property(textNear, near(RECORD_LIMITS.name), (message, length) => {
        const ours = streamingLogger();
        const logger = 'l'.repeat(length);
        ours.logger.log(message, logger);
        const record = ours.record;
        expect(record.truncated).toBe(record.message !== message || record.logger !== (logger || 'root'));
        expect(message.startsWith(record.message)).toBe(true);
        expect(isWellFormed(record.message)).toBe(true);
      }),
    );
  });

  it.each<[string, unknown[]]>([
    [
      'an error with too many fields',
      [
        Object.assign(
          new Error('x'),
          Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`k${i}`, i])),
        ),
      ],
    ],
    ['an error with a huge stack', [Object.assign(new Error('x'), { stack: 'x'.repeat(40_000) })]],
    [
      'too many causes',
      [
        Array.from({ length: 12 }).reduce<Error>(
          (cause, _, i) => new Error(`e${i}`, { cause }),
          new Error('first'),
        ),
      ],
    ],
    ['a set without end', ['m', { set: HOSTILE['a set without end']!() }]],
    ['a map without end', ['m', { map: HOSTILE['a map without end']!() }]],
    ['a map that is too large', ['m', { map: HOSTILE['a huge map']!() }]],
    ['details of an audit record', ['m', { metadata: 'x'.repeat(40_000) }, 'audit.x']],
  ])('is said of %s', (_what, args) => {
    const ours = streamingLogger();
    call(ours.logger, { level: 'error', args });
    expect(ours.record.truncated).toBe(true);
  });

  it.each<[string, unknown[]]>([
    ['a cycle', ['m', HOSTILE['a cycle']!()]],
    ['an unreadable value', ['m', { value: HOSTILE['a revoked proxy']!() }]],
    [
      'fields that are undefined, after all the space was used',
      ['m', { a: 'x'.repeat(32_768), b: 'x'.repeat(32_766), c: undefined }],
    ],
  ])('is not said of %s', (_what, args) => {
    const ours = streamingLogger();
    call(ours.logger, { level: 'log', args });
    expect(ours.record.truncated).toBe(false);
  });
});

describe('a record is fixed when it is logged', () => {
  interface Passed {
    list: unknown[];
    map: Map<string, unknown>;
    set: Set<unknown>;
    date: Date;
    buffer: Uint8Array;
    deep: { object: { value: unknown } };
    error: Error & { code?: unknown };
  }

  const passed = (): Passed => ({
    list: [1, { two: 2 }],
    map: new Map([['key', { value: 1 }]]),
    set: new Set([1]),
    date: new Date(0),
    buffer: new Uint8Array([1]),
    deep: { object: { value: 'before' } },
    error: Object.assign(new Error('before'), { code: 1, cause: { value: 'before' } }),
  });

  function change(value: Passed): void {
    value.list.push('later');
    (value.list[1] as { two: unknown }).two = 'later';
    value.map.set('later', 1);
    value.set.add('later');
    value.date.setFullYear(1999);
    value.buffer[0] = 9;
    value.deep.object.value = 'later';
    value.error.message = 'later';
    value.error.code = 'later';
    (value.error.cause as { value: unknown }).value = 'later';
    Object.assign(value, { later: true });
  }

  it.each<[string, (value: Passed) => unknown[]]>([
    ['params', (value) => ['m', value, 'Ctx']],
    ['a field', (value) => ['m', { value }, 'Ctx']],
    ['the message', (value) => [value, 'Ctx']],
    ['metadata', (value) => ['m', { action: value.list, metadata: value }, 'audit.x']],
    ['an error', (value) => [value.error, 'Ctx']],
    ['a lazy message', (value) => [() => value, 'Ctx']],
  ])('later changes to %s show nowhere', (_what, args) => {
    const ours = streamingLogger();
    const observed: LogRecord[] = [];
    ours.stream.records$.subscribe((record) => observed.push(record));
    const value = passed();
    call(ours.logger, { level: 'error', args: args(value) });
    const text = ours.wire[0]!;
    const kept = structuredClone({ ...ours.record });
    change(value);
    expect(ours.wire).toEqual([text]);
    expect({ ...ours.record }).toEqual(kept);
    expect({ ...observed[0]! }).toEqual(kept);
    expect(text).not.toContain('later');
  });

  it('later changes to what `context` returned show nowhere', () => {
    const tenant = { name: 'before' };
    const fields: Record<string, unknown> = { tenant };
    const ours = streamingLogger({ context: () => fields });
    ours.logger.log('m');
    tenant.name = 'later';
    fields['more'] = 'later';
    expect(ours.record.extra).toEqual({ tenant: { name: 'before' } });
  });

  it('later changes to what was published show nowhere', () => {
    const ours = streamingLogger();
    const input = { message: 'm', list: [1], module: { name: 'not a text' } };
    ours.stream.publish(input as never);
    input.list.push(2);
    input.module.name = 'later';
    expect(ours.record.extra['list']).toEqual([1]);
    expect(ours.wire[0]).not.toContain('later');
  });
});
