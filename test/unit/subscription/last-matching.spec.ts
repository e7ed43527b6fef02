import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type LogRecord } from '../../../src/record/log-record.js';
import { History } from '../../../src/stream/history.js';
import { LastMatching } from '../../../src/subscription/last-matching.js';
import { push, range } from './fakes.js';

const history = (records: number, kept = 10_000): History => {
  const made = new History({ records: kept, bytes: 2 ** 30 });
  push(made, records);
  return made;
};
const third = ({ seq }: LogRecord): boolean => seq % 3 === 0;
const none = (): boolean => false;

/** A clock that runs by being read, so that a search is cut after 48 records. */
function runningClock(): void {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 0.4));
}

describe('a search for the last records that match', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('needs none where everything does', () => {
    expect(new LastMatching(history(10), undefined, 4).next()).toBe(7);
    expect(new LastMatching(history(10), undefined, 40).next()).toBe(1);
    expect(new LastMatching(history(10, 5), undefined, 40).next()).toBe(6);
  });

  it('is cut where it takes long', () => {
    runningClock();
    const looked: number[] = [];
    const search = new LastMatching(history(1_000), ({ seq }) => looked.push(seq) === 0, 1);
    expect(search.next()).toBeUndefined();
    expect(looked).toEqual(range(953, 1_001).toReversed());
    expect(search.next()).toBeUndefined();
    expect(looked).toHaveLength(96);
  });

  it('finds the same however it is cut, and whatever the history loses meanwhile', () => {
    fc.assert(
      fc.property(
        fc.nat(300),
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 60 }),
        fc.array(fc.nat(40), { maxLength: 8 }),
        (count, kept, wanted, published) => {
          runningClock();
          const records = history(count, kept);
          const { end } = records;
          const search = new LastMatching(records, third, wanted);
          let position = search.next();
          for (const more of published) {
            if (position !== undefined) break;
            push(records, more);
            position = search.next();
          }
          while (position === undefined) position = search.next();
          const found = range(position, end).filter((seq) => seq % 3 === 0);
          expect(position).toBeLessThanOrEqual(end);
          expect(position).toBeGreaterThanOrEqual(Math.min(records.start, end));
          expect(found.length).toBeLessThanOrEqual(wanted);
          if (found.length < wanted) expect(position).toBe(Math.min(records.start, end));
          else expect(position).toBe(found[0]);
        },
      ),
    );
  });

  it('starts anew with another filter, before the same position', () => {
    runningClock();
    const records = history(100);
    const search = new LastMatching(records, none, 2);
    expect(search.next()).toBeUndefined();
    push(records, 50);
    search.restart(third);
    expect(search.next()).toBe(96);
  });
});
