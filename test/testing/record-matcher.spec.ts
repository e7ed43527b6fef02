import fc from 'fast-check';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { type CapturedRecord } from '../../src/testing/captured-record.js';
import { compileMatcher, type RecordPattern } from '../../src/testing/record-matcher.js';

const RECORD: CapturedRecord = {
  timestamp: '2025-10-08T18:30:45.123Z',
  level: 'ERROR',
  logger: 'shop.orders',
  message: 'Card declined',
  module: 'orders',
  line: 12,
  order: { id: 7, lines: [{ sku: 'A', count: 2 }, { sku: 'B' }], note: null },
  paid: false,
};

const AUDIT: CapturedRecord = { level: 'INFO', logger: 'audit.orders', message: 'x', action: 'order_place' };

const differences = (pattern: RecordPattern, record = RECORD, category: 'system' | 'audit' = 'system') =>
  compileMatcher(pattern)({ category, record });

describe('a pattern', () => {
  it.each<RecordPattern>([
    {},
    { level: 'ERROR', logger: 'shop.orders' },
    { message: /declined$/ },
    { logger: 'shop.*', module: 'orders' },
    { logger: /^shop/ },
    { paid: false, line: 12 },
    { order: { id: 7 } },
    { order: { lines: [{ sku: 'A' }, {}], note: null } },
    { order: { lines: expect.arrayContaining([{ sku: 'B' }]) } },
    { order: { id: expect.any(Number), lines: [{ sku: /a/i }, { count: undefined }] } },
    { trace_id: undefined },
  ])('matches what has all of it: %o', (pattern) => {
    expect(differences(pattern)).toEqual([]);
  });

  it.each<[RecordPattern, string[]]>([
    [{ level: 'WARNING' }, ["level is 'ERROR', not 'WARNING'"]],
    [{ message: 'Card' }, ["message is 'Card declined', not 'Card'"]],
    [{ message: /accepted/ }, ["message is 'Card declined', not /accepted/"]],
    [{ logger: 'audit.*' }, ["logger is 'shop.orders', not 'audit.*'"]],
    [{ message: 'Card*' }, ["message is 'Card declined', not 'Card*'"]],
    [{ line: '12' }, ["line is 12, not '12'"]],
    [{ line: /12/ }, ['line is 12, not /12/']],
    [{ trace_id: 'x' }, ["trace_id is missing, not 'x'"]],
    [{ paid: undefined }, ['paid is false, not undefined']],
    [{ order: { id: 8, note: 'x' } }, ['order.id is 7, not 8', "order.note is null, not 'x'"]],
    [
      { order: { lines: [{ sku: 'A' }] } },
      ["order.lines is [ { sku: 'A', count: 2 }, { sku: 'B' } ], not [ { sku: 'A' } ]"],
    ],
    [{ order: { lines: [{ sku: 'A' }, { sku: 'C' }] } }, ["order.lines[1].sku is 'B', not 'C'"]],
    [
      { order: [] },
      ["order is { id: 7, lines: [ { sku: 'A', count: 2 }, { sku: 'B' } ], note: null }, not []"],
    ],
    [{ paid: {} }, ['paid is false, not {}']],
    [{ order: { id: expect.any(String) } }, ['order.id is 7, not Any<String>']],
  ])('says in what a record differs: %o', (pattern, expected) => {
    expect(differences(pattern)).toEqual(expected);
  });

  it('finds an action in audit records only', () => {
    expect(differences({ action: 'order_*' }, AUDIT, 'audit')).toEqual([]);
    expect(differences({ action: 'user_*' }, AUDIT, 'audit')).toEqual([
      "action is 'order_place', not 'user_*'",
    ]);
    expect(differences({ action: 'order_place' }, { ...AUDIT, logger: 'orders' })).toEqual([
      'action is of audit records only, and this is a system record',
    ]);
    expect(differences({ action: undefined })).toEqual([]);
  });

  it('takes patterns of another realm, in which jest runs its tests', () => {
    const pattern: unknown = runInNewContext(
      '({ message: /declined/, order: { lines: [{ sku: "A" }, {}] } })',
    );
    expect(differences(pattern as RecordPattern)).toEqual([]);
  });

  it('finds with a global expression as often as it is asked', () => {
    const compare = compileMatcher({ message: /declined/g });
    const entry = { category: 'system', record: RECORD } as const;
    expect([compare(entry), compare(entry), compare(entry)]).toEqual([[], [], []]);
  });

  it.each([
    [{ at: new Date(0) }, '`at` of the pattern is 1970-01-01T00:00:00.000Z'],
    [{ error: { cause: new Error('x') } }, '`error.cause` of the pattern is Error: x'],
    [{ tags: [new Set()] }, '`tags[0]` of the pattern is Set(0) {}'],
    [{ id: 7n }, '`id` of the pattern is 7n'],
    [{ check: () => true }, '`check` of the pattern is () => true'],
  ])('refuses what no record holds, which would never match: %o', (pattern, complaint) => {
    expect(() => compileMatcher(pattern as RecordPattern)).toThrow(complaint);
  });

  it.each([undefined, null, 'order_place', 7, [], new Map()])(
    'refuses %o in place of a pattern',
    (matcher) => {
      expect(() => compileMatcher(matcher as unknown as RecordPattern)).toThrow('by an object');
    },
  );

  it('finds 0 where -0 was logged: JSON has no other', () => {
    expect(differences({ balance: -0 }, { ...AUDIT, balance: 0 } as CapturedRecord)).toEqual([]);
  });

  it('matches what it was made of, and nothing that has another value in one place', () => {
    const fields = fc.dictionary(
      fc.stringMatching(/^[a-z]{1,8}$/).filter((name) => !['logger', 'action', 'level'].includes(name)),
      fc.jsonValue({ maxDepth: 3 }),
      { minKeys: 1 },
    );
    fc.assert(
      fc.property(fields, fc.nat(), (values, pick) => {
        const record = { ...AUDIT, ...(JSON.parse(JSON.stringify(values)) as object) } as CapturedRecord;
        expect(differences(values, record)).toEqual([]);
        const names = Object.keys(values);
        const name = names[pick % names.length]!;
        expect(differences({ ...values, [name]: 'no value of JSON here' }, record)).toHaveLength(1);
      }),
    );
  });
});
