import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { NEST_LOG_LEVELS } from '../../../src/record/log-call.js';
import { resolveOptions } from '../../../src/options/resolve-options.js';
import { LOG_LEVELS } from '../../../src/wire/level.js';
import { StreamRecord, type LogRecord, type UnpublishedRecord } from '../../../src/record/log-record.js';
import { RecordBuilder } from '../../../src/record/record-builder.js';
import { LINE_NOT_READ } from '../../../src/record/record.messages.js';
import { History } from '../../../src/stream/history.js';

/** Of all characters, halves of surrogate pairs among them. */
const anyText = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 })
    .map((codes) => String.fromCharCode(...codes)),
);

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
          let largest = 0;
          for (const size of sizes) {
            const before = history.start;
            const next = record(history.end, size);
            history.push(next);
            all.push(next);
            const { start, length, bytes } = history;
            largest = Math.max(largest, history.bytesAt(next.seq));
            expect([...history]).toEqual(all.slice(start - 1));
            expect(length).toBe(all.length - start + 1);
            expect(length).toBeGreaterThan(0);
            expect(length).toBeLessThanOrEqual(bounds.records);
            expect(history.end).toBe(all.length + 1);
            expect(bytes).toBe(all.slice(start - 1).reduce((sum, { seq }) => sum + history.bytesAt(seq), 0));
            if (length > 1) expect(bytes).toBeLessThanOrEqual(bounds.bytes);
            // Nothing goes but for room: of the bytes no more lie idle than the two gaps that whole records leave.
            if (start > before && length < bounds.records && largest <= bounds.bytes) {
              expect(bytes + 2 * largest).toBeGreaterThanOrEqual(bounds.bytes);
            }
            expect(history.at(start - 1)).toBeUndefined();
            expect(history.at(all.length)).toBe(next);
            expect(history.at(all.length + 1)).toBeUndefined();
            expect(history.bytesAt(start - 1)).toBe(0);
          }
        },
      ),
    );
  });

  it('holds no more memory than its bounds say, however long it is written to', () => {
    const bytes = 256 * 1024;
    const history = new History({ records: 1_000, bytes });
    expect(history.allocated).toBeLessThan(128 * 1024);
    for (let seq = 1; seq <= 20_000; seq++) history.push(record(seq, (seq * 37) % 900), false);
    // And 13 bytes for each record that there may be, in powers of two.
    expect(history.allocated).toBeLessThanOrEqual(bytes + 13 * 1_024);
    expect(history.bytes).toBeLessThanOrEqual(bytes);
    expect(history.length).toBeGreaterThan(400);
  });

  it('gives the memory of a huge record back when the next one comes', () => {
    const history = new History({ records: 10, bytes: 1_024 });
    history.push(record(1, 30_000));
    expect(history.at(1)?.message).toHaveLength(30_000);
    history.push(record(2, 1));
    expect(history.allocated).toBeLessThan(8_192);
  });

  it('reads what was pushed from its bytes, to the last field, when nobody holds the record any more', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record(
            {
              category: fc.constantFrom('system' as const, 'audit' as const),
              time: fc.integer({ min: 0, max: 4e12 }),
              level: fc.constantFrom(...LOG_LEVELS),
              logger: anyText,
              message: anyText,
              module: anyText,
              function: anyText,
              line: fc.nat(),
              action: anyText,
              metadata: fc.jsonValue(),
              extra: fc.dictionary(anyText, fc.jsonValue()),
              truncated: fc.boolean(),
              id: fc.uuid(),
            },
            { requiredKeys: ['category', 'time', 'level', 'logger', 'message', 'extra', 'truncated'] },
          ),
          { minLength: 1, maxLength: 10 },
        ),
        (all) => {
          const history = new History({ records: 100, bytes: 2 ** 20 });
          const plain = JSON.parse(JSON.stringify(all)) as UnpublishedRecord[];
          for (const one of plain) history.push(new StreamRecord(one, history.end));
          history.release();
          expect([...history]).toEqual(plain.map((one, index) => new StreamRecord(one, index + 1)));
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

describe('a line that waits for a reader', () => {
  // JSON knows no -0, as which a line with a name that the ring does not take is kept.
  const number = fc.double().map((value) => value + 0);
  const scalar = fc.oneof(anyText, number, fc.boolean(), fc.constant(null), fc.constant(undefined));
  const fieldNames = fc.oneof(anyText, fc.constantFrom('timestamp', 'error', '404', 'password', '__proto__'));
  const line = fc.record({
    level: fc.constantFrom(...NEST_LOG_LEVELS),
    context: fc.option(fc.oneof(anyText, fc.constant('postgres://a:b@host')), { nil: undefined }),
    message: fc.oneof(anyText, fc.constantFrom('', 'Bearer abcdefghij123', '4111 1111 1111 1111')),
    fields: fc.option(
      fc.array(fc.tuple(fieldNames, scalar), { maxLength: 6 }).map((entries) => Object.fromEntries(entries)),
      { nil: undefined },
    ),
    caller: fc.option(fc.record({ module: anyText, function: anyText, line: fc.nat() }), { nil: undefined }),
    time: fc.integer({ min: 0, max: 4e12 }),
  });

  it('becomes the record that it would have become at once, for any line', () => {
    const builder = new RecordBuilder(
      resolveOptions({ redact: { hash: { key: 'a key of sixteen and more' } } }),
    );
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), (lines) => {
        const history = new History({ records: 5, bytes: 4_096 }, (raw, seq, isHarmless) =>
          builder.complete(raw, seq, isHarmless),
        );
        const expected: StreamRecord[] = [];
        for (const { fields, caller, time, ...call } of lines) {
          const built = builder.compose({ ...call, text: String }, fields, caller, undefined, time, 'system');
          built.seq = history.end;
          if (!history.pushLine(call, fields, caller, time)) history.push(built, false);
          expected.push(built);
        }
        expect([...history]).toEqual(expected.slice(history.start - 1));
        // Read again, when it is known in which of them there was nothing to hide.
        history.release();
        expect([...history]).toEqual(expected.slice(history.start - 1));
      }),
      { numRuns: 500 },
    );
  });

  it('waits whatever scalars it holds, and does not when it holds anything that may change or is large', () => {
    const history = new History({ records: 50, bytes: 2 ** 20 });
    const waits = (message: string, fields?: Record<string, unknown>): boolean =>
      history.pushLine({ level: 'log', context: 'X', message }, fields, undefined, 0);
    expect(waits('héllo 世界 \ud800', { a: 1.5, b: '', c: null, d: true, e: undefined, f: Number.NaN })).toBe(
      true,
    );
    for (const value of [{}, [], () => 1, 1n, Symbol('x'), new Date(0)])
      expect(waits('x', { value })).toBe(false);
    expect(waits('x'.repeat(100_000))).toBe(false);
    expect(waits('x', { text: 'x'.repeat(100_000) })).toBe(false);
    expect(history.length).toBe(1);
  });

  it('does not mix with a line that one of its fields logs when it is read', () => {
    const builder = new RecordBuilder(resolveOptions({}));
    const history = new History({ records: 10, bytes: 2 ** 20 }, (raw, seq, isHarmless) =>
      builder.complete(raw, seq, isHarmless),
    );
    const line = (message: string, fields?: Record<string, unknown>): boolean =>
      history.pushLine({ level: 'log', context: undefined, message }, fields, undefined, 0);
    const logs = {
      before: 1,
      get field() {
        return line('inner', { other: 2 }) ? 'waits' : 'built at once';
      },
      after: 3,
    };
    expect(line('outer', logs)).toBe(true);
    expect([...history].map(({ message, extra }) => [message, extra])).toEqual([
      ['outer', { before: 1, field: 'built at once', after: 3 }],
    ]);
  });

  it('is replaced by a line that says so where its record cannot be made: who reads did not log it', () => {
    const builder = new RecordBuilder(resolveOptions({}));
    vi.spyOn(builder, 'compose').mockImplementation(() => {
      throw new Error('redaction');
    });
    const history = new History({ records: 10, bytes: 2 ** 20 }, (raw, seq, isHarmless) =>
      builder.complete(raw, seq, isHarmless),
    );
    history.pushLine({ level: 'warn', context: 'X', message: 'secret' }, { token: 'x' }, undefined, 5);
    expect(history.at(1)).toMatchObject({
      seq: 1,
      time: 5,
      level: 'WARNING',
      message: LINE_NOT_READ,
      extra: {},
    });
  });

  it('does not remember long names, of which there may be many', () => {
    const history = new History({ records: 10, bytes: 2 ** 20 });
    const context = 'x'.repeat(100);
    expect(history.pushLine({ level: 'log', context, message: 'x' }, undefined, undefined, 0)).toBe(false);
  });

  it('goes on when an application has more names than are remembered', () => {
    const history = new History({ records: 10, bytes: 2 ** 20 });
    const waits = (context: string, name: string): boolean =>
      history.pushLine({ level: 'log', context, message: 'x' }, { [name]: 1 }, undefined, 0);
    for (let index = 0; index < 5_000; index++) waits(`logger ${index}`, `field ${index}`);
    expect(waits('logger 1', 'field 1')).toBe(true);
    expect(waits('logger of a request', 'field 1')).toBe(false);
    expect(waits('logger 1', 'field of a request')).toBe(false);
  });

  it('tells of audit records that are gone, and of no other', () => {
    const history = new History({ records: 2, bytes: 2 ** 20 });
    const audit = (): void =>
      history.push(new StreamRecord({ ...record(0, 1), category: 'audit' }, history.end));
    const system = (): boolean =>
      history.pushLine({ level: 'log', context: undefined, message: 'x' }, undefined, undefined, 0);
    system();
    audit();
    system();
    expect(history.lostAudit(1)).toBe(false);
    system();
    expect([history.lostAudit(2), history.lostAudit(3)]).toEqual([true, false]);
  });
});
