import { type KeptEntry } from '../../../src/record/kept-entry.js';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { type LogRecord } from '../../../src/record/log-record.js';
import { AuditKeeper } from '../../../src/stream/audit-keeper.js';
import { type RecordHistory } from '../../../src/stream/record-source.js';
import { LOG_LEVELS } from '../../../src/wire/level.js';
import { runs } from '../../harness/property-runs.js';
import { type Feed, type FeedOptions, type MakeFeed } from './feeds.js';

class NoKeeper extends AuditKeeper {
  keep = (): Promise<KeptEntry> => Promise.resolve({ kept: 'counted', id: undefined });

  read(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}

const input = fc.record({
  message: fc.string({ maxLength: 20 }).chain((text) => fc.constantFrom(text, text.padEnd(900, 'x'))),
  level: fc.constantFrom(...LOG_LEVELS),
  is_audit: fc.boolean(),
});

const bounds = fc.record({
  records: fc.integer({ min: 1, max: 12 }),
  bytes: fc.constantFrom(1_024, 2 ** 20),
});

function heads({ start, end }: RecordHistory): [number, number] {
  return [start, end];
}

/** The positions that the history has, and their bytes. */
function held(history: RecordHistory): { records: number; bytes: number } {
  let bytes = 0;
  for (let position = history.start; position < history.end; position++) bytes += history.bytesAt(position);
  return { records: history.end - history.start, bytes };
}

/** What each implementation of `RecordSource` promises to the fan-out and the monitor. */
export function recordSourceContract(name: string, make: MakeFeed, keeps: boolean): void {
  describe(`${name} as a source of records`, () => {
    const feeds: Feed[] = [];
    const feed = (options?: FeedOptions): Feed => {
      const made = make(options);
      feeds.push(made);
      return made;
    };

    afterEach(() => {
      for (const made of feeds.splice(0)) made.end();
    });

    it('is empty at first, and counts from 1', () => {
      const { source, publish } = feed();
      const { history } = source;
      expect(heads(history)).toEqual([1, 1]);
      expect([history.at(0), history.at(1), history.bytesAt(1), history.lostAudit(1)]).toEqual([
        undefined,
        undefined,
        0,
        false,
      ]);
      expect(publish({ message: 'first' }).seq).toBe(1);
      expect(heads(history)).toEqual([1, 2]);
      expect(history.at(1)).toMatchObject({ seq: 1, message: 'first' });
    });

    it('says whether it keeps a history', () => {
      expect(feed().source.keeps).toBe(keeps);
    });

    it('has one record at each position between its heads, always the same, and never moves back', () => {
      fc.assert(
        fc.property(bounds, fc.array(input, { minLength: 1, maxLength: 40 }), (limits, inputs) => {
          const { source, publish } = feed({ bounds: limits });
          const { history } = source;
          const all: LogRecord[] = [];
          for (const one of inputs) {
            const before = history.start;
            const record = publish(one);
            all.push(structuredClone({ ...record }));
            const { message, level, is_audit } = one;
            const category = is_audit ? 'audit' : 'system';
            expect(record).toMatchObject({ message, level, category, seq: all.length });
            expect(history.end).toBe(all.length + 1);
            expect(history.start).toBeGreaterThanOrEqual(before);
            expect(history.at(history.end - 1)?.seq).toBe(all.length);
            if (all.length % 3 === 0) history.release();
            for (let position = 0; position <= history.end; position++) {
              const isHere = position >= history.start && position < history.end;
              const read = history.at(position);
              expect(read && { ...read }).toEqual(isHere ? all[position - 1] : undefined);
              if (isHere) expect(history.bytesAt(position)).toBeGreaterThan(0);
              else expect(history.bytesAt(position)).toBe(0);
            }
          }
        }),
        { numRuns: runs(200) },
      );
    });

    it('holds no more than its bounds, but for a record that alone is larger', () => {
      fc.assert(
        fc.property(bounds, fc.array(input, { maxLength: 40 }), (limits, inputs) => {
          const { source, publish } = feed({ bounds: limits });
          const { history } = source;
          for (const one of inputs) {
            publish(one);
            const { records, bytes } = held(history);
            expect(records).toBeGreaterThan(0);
            expect(records).toBeLessThanOrEqual(history.bounds.records);
            if (records > 1) expect(bytes).toBeLessThanOrEqual(history.bounds.bytes);
          }
        }),
        { numRuns: runs(200) },
      );
    });

    it('lets go of the oldest when there are more records than it may hold', () => {
      const { source, publish } = feed({ bounds: { records: 10, bytes: 2 ** 20 } });
      const { history } = source;
      const { records } = history.bounds;
      for (let number = 0; number < records + 3; number++) publish({ message: '' });
      expect(heads(history)).toEqual([4, records + 4]);
      expect([history.at(3), history.at(4)?.seq]).toEqual([undefined, 4]);
    });

    it('tells from which positions on audit records were lost', () => {
      fc.assert(
        fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }), (audits) => {
          const { source, publish } = feed({ bounds: { records: 4, bytes: 2 ** 20 } });
          const { history } = source;
          for (const is_audit of audits) publish({ message: '', is_audit });
          const lost = audits.flatMap((is_audit, index) =>
            is_audit && index + 1 < history.start ? [index + 1] : [],
          );
          for (let from = 1; from <= history.end; from++) {
            expect(history.lostAudit(from)).toBe(lost.some((position) => position >= from));
          }
        }),
        { numRuns: runs(200) },
      );
    });

    it('counts what came by level, whether it is still here or not', () => {
      const { source, publish } = feed({ bounds: { records: 1, bytes: 1_024 } });
      expect(source.produced).toEqual({ DEBUG: 0, INFO: 0, WARNING: 0, ERROR: 0, CRITICAL: 0 });
      for (const level of [...LOG_LEVELS, 'ERROR', 'ERROR', 'INFO'] as const) publish({ message: '', level });
      expect(source.produced).toEqual({ DEBUG: 1, INFO: 2, WARNING: 1, ERROR: 3, CRITICAL: 1 });
    });

    it('names positions by cursors, and knows its own from those of another', () => {
      const { cursors } = feed().source;
      const other = feed().source.cursors;
      expect(cursors.epoch).not.toBe(other.epoch);
      expect(cursors.epoch).toMatch(/^[0-9a-z]{1,32}$/);
      fc.assert(
        fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), fc.nat(), (position, seq) => {
          const cursor = cursors.format(position);
          expect(cursors.parse(cursor)).toEqual({ known: true, position });
          expect(cursors.parse(`${cursor}~${seq}`)).toEqual({ known: true, position: seq + 1 });
          const place = { epoch: other.epoch, position };
          expect(cursors.parse(other.format(position))).toEqual({ known: false, place });
          expect(cursors.parse(cursors.format(position, other.epoch))).toEqual({ known: false, place });
        }),
      );
      expect(cursors.parse('no cursor')).toBeUndefined();
    });

    it('says who keeps its audit records for longer, if anybody', () => {
      const keeper = new NoKeeper();
      expect(feed().source.keeper).toBeUndefined();
      expect(feed({ keeper }).source.keeper).toBe(keeper);
    });

    it('is told whether callers are expected, which they are not at first', () => {
      const { source } = feed();
      expect(source.callerExpected).toBe(false);
      source.callerExpected = true;
      expect(source.callerExpected).toBe(true);
    });

    it('wakes a listener up for each record, once it can be read, until the listener stops', () => {
      const { source, publish } = feed();
      const heard: (readonly [number, number | undefined, number])[] = [];
      publish({ message: 'before' });
      const stop = source.onProduced((position) => {
        heard.push([position, source.history.at(position)?.seq, source.produced.INFO]);
      });
      publish({ message: 'a' });
      publish({ message: 'b' });
      stop();
      publish({ message: 'after' });
      stop();
      expect(heard).toEqual([
        [2, 2, 2],
        [3, 3, 3],
      ]);
    });

    it('does not wake a listener up for what its own call leads to, and wakes up the others', () => {
      const { source, publish } = feed();
      const first: number[] = [];
      const second: number[] = [];
      source.onProduced((position) => {
        first.push(position);
        publish({ message: 'echo' });
      });
      source.onProduced((position) => void second.push(position));
      publish({ message: 'a' });
      publish({ message: 'b' });
      expect(first).toEqual([1, 3]);
      expect(second.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4]);
      expect(source.history.end).toBe(5);
    });

    it('wakes a listener up for what it leads to later', async () => {
      const { source, publish } = feed();
      const heard: number[] = [];
      source.onProduced((position) => {
        heard.push(position);
        if (position === 1) queueMicrotask(() => void publish({ message: 'later' }));
      });
      publish({ message: 'a' });
      await Promise.resolve();
      expect(heard).toEqual([1, 2]);
    });

    it('goes on past a listener that throws', () => {
      const { source, publish } = feed();
      const heard: number[] = [];
      source.onProduced((position) => {
        heard.push(position);
        throw new Error('of a listener');
      });
      source.onProduced((position) => void heard.push(-position));
      expect(publish({ message: 'a' }).seq).toBe(1);
      expect(publish({ message: 'b' }).seq).toBe(2);
      expect(heard).toEqual([1, -1, 2, -2]);
    });

    it(`${keeps ? 'keeps' : 'forgets'} its history when the last listener stops, and counts on`, () => {
      const { source, publish } = feed();
      const { history } = source;
      const stopFirst = source.onProduced(() => {});
      const stopSecond = source.onProduced(() => {});
      publish({ message: 'a', is_audit: true });
      publish({ message: 'b' });
      stopFirst();
      stopFirst();
      expect(heads(history)).toEqual([1, 3]);
      stopSecond();
      expect(heads(history)).toEqual([keeps ? 1 : 3, 3]);
      expect([history.at(2)?.seq, history.lostAudit(1)]).toEqual(keeps ? [2, false] : [undefined, true]);
      source.onProduced(() => {});
      expect(publish({ message: 'c' }).seq).toBe(3);
      // A stop that came before is not this listener's.
      stopSecond();
      expect(history.at(3)?.seq).toBe(3);
    });
  });
}
