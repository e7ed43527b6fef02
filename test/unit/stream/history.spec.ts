import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StreamRecord, type LogRecord } from '../../../src/record/log-record.js';
import { History } from '../../../src/stream/history.js';
import { recordBytes } from '../../../src/stream/record-bytes.js';

function record(seq: number, size: number): LogRecord {
  return new StreamRecord(
    {
      category: 'system',
      time: seq,
      level: 'INFO',
      logger: 'root',
      message: 'x'.repeat(size),
      extra: {},
      truncated: false,
    },
    seq,
  );
}

/** All records ever pushed, and the rule of the history applied to them at once. */
function kept(all: readonly LogRecord[], bounds: { records: number; bytes: number }): LogRecord[] {
  const recent = all.slice(-bounds.records);
  const bytesFrom = (index: number): number =>
    recent.slice(index).reduce((sum, one) => sum + recordBytes(one), 0);
  const first = recent.findIndex(
    (_, index) => index === recent.length - 1 || bytesFrom(index) <= bounds.bytes,
  );
  return first < 0 ? [] : recent.slice(first);
}

describe('History', () => {
  it('keeps the most recent records within both bounds, for any records', () => {
    fc.assert(
      fc.property(
        fc.record({
          records: fc.integer({ min: 1, max: 12 }),
          bytes: fc.integer({ min: 1_024, max: 6_000 }),
        }),
        fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 40 }),
        (bounds, sizes) => {
          const history = new History(bounds);
          const all: LogRecord[] = [];
          // Bytes are given back record by record, so what was evicted once never comes back.
          let oldest = 1;
          for (const size of sizes) {
            const next = record(history.end, size);
            history.push(next);
            all.push(next);
            const expected = kept(all, bounds);
            oldest = Math.max(oldest, expected[0]!.seq);
            expect([...history]).toEqual(all.slice(oldest - 1));
            expect([...history]).toEqual(expected);
            expect(history.length).toBe(expected.length);
            expect(history.start).toBe(oldest);
            expect(history.end).toBe(all.length + 1);
            expect(history.bytes).toBe(expected.reduce((sum, one) => sum + recordBytes(one), 0));
            expect(history.at(oldest - 1)).toBeUndefined();
            expect(history.at(oldest)).toBe(expected[0]);
            expect(history.at(all.length)).toBe(next);
            expect(history.at(all.length + 1)).toBeUndefined();
          }
        },
      ),
    );
  });

  it('keeps the newest record even when it alone is over the bound', () => {
    const history = new History({ records: 10, bytes: 1_024 });
    history.push(record(1, 1));
    history.push(record(2, 10_000));
    expect([...history].map(({ seq }) => seq)).toEqual([2]);
    history.push(record(3, 1));
    expect([...history].map(({ seq }) => seq)).toEqual([3]);
  });

  it('is empty at first and after clear(), and goes on counting', () => {
    const history = new History({ records: 10, bytes: 1_024 });
    expect([history.length, history.bytes, history.start, history.end]).toEqual([0, 0, 1, 1]);
    expect([...history]).toEqual([]);
    history.push(record(1, 1));
    history.push(record(2, 1));
    history.clear();
    expect([history.length, history.bytes, history.start, history.end]).toEqual([0, 0, 3, 3]);
    expect(history.at(2)).toBeUndefined();
    history.push(record(3, 1));
    expect([...history].map(({ seq }) => seq)).toEqual([3]);
  });

  it('can be read while it grows: a reader that began sees nothing twice and nothing that is gone', () => {
    const history = new History({ records: 3, bytes: 2 ** 20 });
    for (const seq of [1, 2, 3]) history.push(record(seq, 1));
    const reader = history[Symbol.iterator]();
    expect(reader.next().value?.seq).toBe(1);
    history.push(record(4, 1));
    expect([...reader].map((one) => one?.seq)).toEqual([2, 3, 4]);
  });
});

describe('recordBytes', () => {
  it('counts at least two bytes for each character of the texts and names that the record keeps', () => {
    fc.assert(
      fc.property(fc.string(), fc.dictionary(fc.string(), fc.jsonValue()), (message, fields) => {
        const extra = JSON.parse(JSON.stringify(fields)) as LogRecord['extra'];
        const kept = { logger: 'audit.x', message, action: message, metadata: { message }, extra };
        const error = { name: 'Error', message, stack: message };
        const bytes = recordBytes(
          new StreamRecord(
            {
              ...kept,
              error,
              category: 'audit',
              time: 0,
              level: 'INFO',
              truncated: false,
            },
            1,
          ),
        );
        const texts = ['audit.x', message, message, message, message, error.name, message];
        expect(bytes).toBeGreaterThanOrEqual(2 * (texts.join('').length + charactersOf(extra)));
      }),
    );
  });

  function charactersOf(value: unknown): number {
    if (typeof value === 'string') return value.length;
    if (typeof value !== 'object' || value === null) return 0;
    return Object.entries(value).reduce(
      (sum, [name, inner]) => sum + charactersOf(inner) + (Array.isArray(value) ? 0 : name.length),
      0,
    );
  }
});
