import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type LogRecord } from '../../../src/record/log-record.js';
import { History } from '../../../src/stream/history.js';
import { ChunkReader } from '../../../src/subscription/chunk-reader.js';
import { FanOutTotals } from '../../../src/subscription/fan-out-totals.js';
import { push, range, SeqFraming } from './fakes.js';

const LARGE = 1024 * 1024;
const BOUNDS = { records: 100, bytes: LARGE };
const SCANNED = 4_096;

interface Settings {
  readonly bounds?: typeof BOUNDS;
  readonly kept?: number;
  readonly passes?: (record: LogRecord) => boolean;
}

function reading(records: number, { bounds = BOUNDS, kept = 10_000, passes }: Settings = {}) {
  const history = new History({ records: kept, bytes: 64 * LARGE });
  push(history, records);
  const framing = new SeqFraming();
  const totals = new FanOutTotals();
  return { history, framing, totals, reader: new ChunkReader(history, framing, passes, bounds, totals) };
}

const odd = ({ seq }: LogRecord): boolean => seq % 2 === 1;
const none = (): boolean => false;

describe('a chunk reader', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('joins all records up to the position that it was told, and says what came of them', () => {
    const { reader } = reading(5);
    expect(reader.read(2, 5)).toEqual({ bytes: Buffer.from('2;3;4;'), next: 5, delivered: 3, filtered: 0 });
  });

  it('tells the framing the position after the last record', () => {
    const { reader, framing } = reading(5, { passes: odd });
    reader.read(1, 3);
    reader.read(3, 5);
    expect(framing.joined).toEqual([3, 5]);
  });

  it('cuts a chunk by the number of records', () => {
    const { reader } = reading(5, { bounds: { records: 2, bytes: LARGE } });
    expect(reader.read(1, 6)).toMatchObject({ bytes: Buffer.from('1;2;'), next: 3 });
  });

  it('cuts a chunk by its size, after the record that reaches it', () => {
    const { reader } = reading(5, { bounds: { records: 100, bytes: 3 } });
    expect(reader.read(1, 6)).toMatchObject({ bytes: Buffer.from('1;2;'), next: 3 });
  });

  it('puts at least one record into a chunk, however large it is', () => {
    const { reader } = reading(5, { bounds: { records: 100, bytes: 1 } });
    expect(reader.read(4, 6)).toMatchObject({ bytes: Buffer.from('4;'), next: 5 });
  });

  it('reads from the oldest record that is still there', () => {
    const { reader } = reading(5, { kept: 3 });
    expect(reader.read(3, 6)).toMatchObject({ bytes: Buffer.from('3;4;5;'), next: 6 });
  });

  it('encodes what passes and counts what does not', () => {
    const { reader, framing } = reading(5, { passes: odd });
    expect(reader.read(1, 6)).toEqual({ bytes: Buffer.from('1;3;5;'), next: 6, delivered: 3, filtered: 2 });
    expect(framing.encoded).toBe(3);
  });

  it('bounds a chunk by what passes, and leaves what was not looked at to the next', () => {
    const { reader } = reading(10, { bounds: { records: 2, bytes: LARGE }, passes: odd });
    expect(reader.read(1, 11)).toEqual({ bytes: Buffer.from('1;3;'), next: 4, delivered: 2, filtered: 1 });
    expect(reader.read(4, 11)).toEqual({ bytes: Buffer.from('5;7;'), next: 8, delivered: 2, filtered: 2 });
  });

  it('makes an empty chunk, not an empty frame, when nothing passes', () => {
    const { reader, framing } = reading(5, { passes: none });
    expect(reader.read(1, 6)).toEqual({ bytes: Buffer.alloc(0), next: 6, delivered: 0, filtered: 5 });
    expect(framing).toMatchObject({ encoded: 0, joined: [] });
  });

  it('looks at a bounded number of records, however few of them pass', () => {
    const { reader } = reading(SCANNED + 10, { passes: none });
    vi.spyOn(performance, 'now').mockReturnValue(0);
    expect(reader.read(3, SCANNED + 11)).toMatchObject({ next: SCANNED + 3, filtered: SCANNED });
  });

  it('looks at fewer where that takes long, and goes on behind them', () => {
    const { reader } = reading(1_000, { passes: ({ seq }) => seq > 995 });
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 0.4));
    const { next, filtered } = reader.read(1, 1_001);
    expect([next, filtered]).toEqual([49, 48]);
    const read: string[] = [];
    for (let position = next; position <= 1_000;) {
      const chunk = reader.read(position, 1_001);
      read.push(String(chunk.bytes));
      position = chunk.next;
    }
    expect(read.join('')).toBe('996;997;998;999;1000;');
  });

  it('counts the time that it takes', () => {
    const { reader, totals } = reading(5);
    const now = vi
      .spyOn(performance, 'now')
      .mockReturnValueOnce(10)
      .mockReturnValueOnce(10)
      .mockReturnValueOnce(13);
    try {
      reader.read(1, 6);
      expect(totals.encodeMs).toBe(3);
    } finally {
      now.mockRestore();
    }
  });

  it('reads every record that passes once and in order, whatever the bounds of a chunk', () => {
    fc.assert(
      fc.property(
        fc.nat(60),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 40 }),
        fc.uniqueArray(fc.nat(4)),
        (count, records, bytes, remainders) => {
          const passes = ({ seq }: { seq: number }): boolean => remainders.includes(seq % 5);
          const { reader, history } = reading(count, { bounds: { records, bytes }, passes });
          const read: Buffer[] = [];
          for (let position = 1; position < history.end;) {
            const chunk = reader.read(position, history.end);
            expect(chunk.next).toBeGreaterThan(position);
            expect(chunk.delivered).toBeLessThanOrEqual(records);
            expect(chunk.delivered + chunk.filtered).toBe(chunk.next - position);
            read.push(chunk.bytes);
            position = chunk.next;
          }
          expect(String(Buffer.concat(read))).toBe(
            range(1, count + 1)
              .filter((seq) => passes({ seq }))
              .map((seq) => `${seq};`)
              .join(''),
          );
        },
      ),
    );
  });
});
