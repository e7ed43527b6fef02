import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Item } from '../../harness/extended-client.js';
import { historyAnswer, type HistoryRange } from '../../../src/monitor/protocol/history-answer.js';
import { RecordText } from '../../../src/monitor/protocol/record-text.js';
import { type FilterSpec } from '../../../src/wire/filter/filter-spec.js';
import { type LogStream } from '../../../src/stream/log-stream.js';
import { aStream } from './a-stream.js';
import { runs } from '../../harness/property-runs.js';

interface Answer {
  readonly records: readonly Item[];
  readonly missing: number;
  readonly next?: number;
}

function ask(stream: LogStream, range: HistoryRange, filter: FilterSpec = {}): Answer {
  return JSON.parse(historyAnswer(range, [filter], stream.history, new RecordText())) as Answer;
}

describe('an answer from the history', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('followed by its `next` gives all that match, once and in order, and counts the rest', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 60 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 70 }),
        fc.option(fc.nat({ max: 30 }), { nil: undefined }),
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom<FilterSpec>({}, { level: 'ERROR' }, { search: 'nothing' }),
        (produced, kept, from, length, limit, filter) => {
          const stream = aStream({ history: { records: kept } });
          for (let n = 1; n <= produced; n++) {
            stream.publish({ message: '', level: n % 3 === 0 ? 'ERROR' : 'INFO' });
          }
          const to = length === undefined ? undefined : from + length;
          const last = Math.min(to ?? produced, produced);
          const found: number[] = [];
          let missing = 0;
          for (let next: number | undefined = from; next !== undefined;) {
            const answer: Answer = ask(stream, { from: next, to, limit } as HistoryRange, filter);
            expect(answer.records.length).toBeLessThanOrEqual(limit);
            found.push(...answer.records.map(({ seq }) => seq));
            missing += answer.missing;
            next = answer.next;
          }
          const wanted = Array.from({ length: Math.max(0, last - from + 1) }, (_, index) => from + index);
          const there = wanted.filter((seq) => seq >= stream.history.start);
          const matching = { ERROR: (seq: number) => seq % 3 === 0 }[filter.level as 'ERROR'];
          expect(found).toEqual(filter.search ? [] : matching ? there.filter(matching) : there);
          expect(missing).toBe(wanted.length - there.length);
        },
      ),
      { numRuns: runs(500) },
    );
  });

  it('does not grow far beyond a mebibyte, and holds at least one record', () => {
    const stream = aStream({ history: { records: 100, bytes: 2 ** 30 } });
    for (let n = 0; n < 100; n++) stream.publish({ message: '"'.repeat(32_000) });
    const answer = historyAnswer({ from: 1, limit: 1_000 }, [{}], stream.history, new RecordText());
    expect(answer.length).toBeGreaterThan(2 ** 20);
    expect(answer.length).toBeLessThan(2 ** 20 + 70_000);
  });

  it('looks at 4,096 records at most', () => {
    const stream = aStream();
    for (let n = 0; n < 5_000; n++) stream.publish({ message: '' });
    vi.spyOn(performance, 'now').mockReturnValue(0);
    expect(ask(stream, { from: 1, limit: 10 }, { search: 'x' })).toEqual({
      records: [],
      missing: 0,
      next: 4_097,
    });
  });

  it('is cut when the search takes long: it must not block the event loop', () => {
    const stream = aStream();
    for (let n = 0; n < 1_000; n++) stream.publish({ message: '' });
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 3));
    const { records, next } = ask(stream, { from: 1, limit: 10 }, { search: 'x' });
    expect(records).toEqual([]);
    expect(next).toBeGreaterThan(16);
    expect(next).toBeLessThan(100);
  });
});
