import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Item } from '../../harness/extended-client.js';
import { runs } from '../../harness/property-runs.js';
import { type LogRecord } from '../../../src/record/log-record.js';
import { AuditKeeper, type KeptPage, type StreamPlace } from '../../../src/stream/audit-keeper.js';
import { type RecordSource } from '../../../src/stream/record-source.js';
import { historyAnswer } from '../../../src/monitor/protocol/history-answer.js';
import { keptAnswer } from '../../../src/monitor/protocol/kept-answer.js';
import { RecordText } from '../../../src/monitor/protocol/record-text.js';
import { type FilterSpec } from '../../../src/wire/filter/filter-spec.js';
import { aStream } from './a-stream.js';

interface Answer {
  readonly records: readonly Item[];
  readonly missing: number;
  readonly next?: number;
}

/** Keeps what it is given, among the records of another process. */
class Kept extends AuditKeeper {
  readonly records: { epoch: string; record: LogRecord }[] = [];
  failure: Error | undefined;

  override keep(): never {
    throw new Error('nothing is kept by itself here');
  }

  override read({ epoch, position }: StreamPlace, limit: number): Promise<KeptPage | undefined> {
    if (this.failure) return Promise.reject(this.failure);
    const known = this.records.findIndex((one) => one.epoch === epoch);
    if (known < 0) return Promise.resolve(undefined);
    const at = this.records.findIndex((one) => one.epoch === epoch && one.record.seq >= position);
    const behind = this.records.findLastIndex((one) => one.epoch === epoch) + 1;
    const from = at < 0 ? behind : at;
    return Promise.resolve({ records: this.records.slice(from, from + limit), complete: true });
  }
}

/** Of every third record, an audit record, the keeper has all; the history has the last. */
function sourceOf(produced: number, inMemory: number, foreign: number): { source: RecordSource; kept: Kept } {
  const stream = aStream({ history: { records: inMemory } });
  const kept = new Kept();
  const { epoch } = stream.cursors;
  for (let n = 1; n <= produced; n++) {
    stream.publish({ message: '', logger: n % 3 === 0 ? 'audit.x' : 'app', level: n % 2 ? 'INFO' : 'ERROR' });
    if (n % 3 !== 0) continue;
    const record = stream.history.at(n)!;
    kept.records.push({ epoch, record });
    for (let other = 0; other < foreign; other++) kept.records.push({ epoch: 'other', record });
  }
  const { history, cursors } = stream;
  return { source: { history, cursors, keeper: kept } as unknown as RecordSource, kept };
}

const ask = async (
  { history, ...source }: RecordSource,
  range: { from: number; to: number | undefined; limit: number },
  filter: FilterSpec,
): Promise<Answer> => {
  const text = new RecordText();
  const whole = { ...source, history } as RecordSource;
  const answer = range.from < history.start ? await keptAnswer(range, [filter], whole, text) : undefined;
  return JSON.parse(answer ?? historyAnswer(range, [filter], history, text)) as Answer;
};

describe('an answer from what an audit keeper has', () => {
  it('followed by its `next` gives all that is kept and matches, once and in order, and counts the rest', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 70 }),
        fc.option(fc.nat({ max: 30 }), { nil: undefined }),
        fc.integer({ min: 1, max: 12 }),
        fc.nat({ max: 3 }),
        fc.constantFrom<FilterSpec>({}, { level: 'ERROR' }, { search: 'nothing' }),
        async (produced, inMemory, from, length, limit, foreign, filter) => {
          const { source } = sourceOf(produced, inMemory, foreign);
          const to = length === undefined ? undefined : from + length;
          const last = Math.min(to ?? produced, produced);
          const found: number[] = [];
          let missing = 0;
          for (let next: number | undefined = from; next !== undefined;) {
            const answer: Answer = await ask(source, { from: next, to, limit }, filter);
            expect(answer.records.length).toBeLessThanOrEqual(limit);
            expect(answer.next ?? Number.POSITIVE_INFINITY).toBeGreaterThan(next);
            found.push(...answer.records.map(({ seq }) => seq));
            missing += answer.missing;
            next = answer.next;
          }
          const wanted = Array.from({ length: Math.max(0, last - from + 1) }, (_, index) => from + index);
          const there = wanted.filter((seq) => seq >= source.history.start || seq % 3 === 0);
          const matches = (seq: number): boolean => !filter.search && (!filter.level || seq % 2 === 0);
          expect(found).toEqual(there.filter(matches));
          expect(missing).toBe(wanted.length - there.length);
        },
      ),
      { numRuns: runs(500) },
    );
  });

  it('does not grow far beyond a mebibyte', async () => {
    const { source, kept } = sourceOf(300, 1, 0);
    for (const one of kept.records) one.record = { ...one.record, message: '"'.repeat(32_000) } as LogRecord;
    const answer = await keptAnswer({ from: 1, limit: 1_000 }, [{}], source, new RecordText());
    expect(answer!.length).toBeLessThan(2 ** 20 + 70_000);
    const { records, missing, next } = JSON.parse(answer!) as Answer;
    expect(missing + records.length).toBe(next! - 1);
  });

  it('is none where nothing of this start was kept', async () => {
    const { source } = sourceOf(2, 1, 0);
    expect(await keptAnswer({ from: 1, limit: 10 }, [{}], source, new RecordText())).toBeUndefined();
  });

  it('is an error where it cannot be read: what is there is not said to be missing', async () => {
    const { source, kept } = sourceOf(9, 1, 0);
    kept.failure = new Error('still in the spool');
    await expect(keptAnswer({ from: 1, limit: 10 }, [{}], source, new RecordText())).rejects.toMatchObject({
      code: 'trail_unavailable',
    });
  });
});
