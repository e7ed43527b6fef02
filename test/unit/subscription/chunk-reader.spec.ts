import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { History } from '../../../src/stream/history.js';
import { ChunkReader } from '../../../src/subscription/chunk-reader.js';
import { push, range, SeqFraming } from './fakes.js';

const LARGE = 1024 * 1024;

function reading(records: number, bounds = { records: 100, bytes: LARGE }, kept = 1000) {
  const history = new History({ records: kept, bytes: LARGE });
  push(history, records);
  const framing = new SeqFraming();
  return { history, framing, reader: new ChunkReader(history, framing, bounds) };
}

describe('a chunk reader', () => {
  it('joins all records up to the position that it was told', () => {
    const { reader } = reading(5);
    expect(reader.read(2, 5)).toEqual({ bytes: Buffer.from('2;3;4;'), next: 5 });
  });

  it('has nothing to read at the head', () => {
    const { reader, framing } = reading(3);
    expect(reader.read(4, 4)).toBeUndefined();
    expect(framing.joined).toBe(0);
  });

  it('has nothing to read in a history that was never written', () => {
    const { reader } = reading(0);
    expect(reader.read(1, 1)).toBeUndefined();
  });

  it('cuts a chunk by the number of records', () => {
    const { reader } = reading(5, { records: 2, bytes: LARGE });
    expect(reader.read(1, 6)).toEqual({ bytes: Buffer.from('1;2;'), next: 3 });
  });

  it('cuts a chunk by its size, after the record that reaches it', () => {
    const { reader } = reading(5, { records: 100, bytes: 3 });
    expect(reader.read(1, 6)).toEqual({ bytes: Buffer.from('1;2;'), next: 3 });
  });

  it('puts at least one record into a chunk, however large it is', () => {
    const { reader } = reading(5, { records: 100, bytes: 1 });
    expect(reader.read(4, 6)).toEqual({ bytes: Buffer.from('4;'), next: 5 });
  });

  it('says that the history has passed the position', () => {
    const { reader } = reading(5, { records: 100, bytes: LARGE }, 3);
    expect(reader.read(2, 6)).toBe('overtaken');
    expect(reader.read(3, 6)).toEqual({ bytes: Buffer.from('3;4;5;'), next: 6 });
  });

  it('is overtaken by an empty history that was cleared behind the position', () => {
    const { reader, history } = reading(5);
    history.clear();
    expect(reader.read(5, 6)).toBe('overtaken');
    expect(reader.read(6, 6)).toBeUndefined();
  });

  it('reads every record once and in order, whatever the bounds of a chunk', () => {
    fc.assert(
      fc.property(
        fc.nat(60),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 40 }),
        (count, records, bytes) => {
          const { reader, history } = reading(count, { records, bytes });
          const read: Buffer[] = [];
          let position = 1;
          for (let chunk = reader.read(1, history.end); chunk && chunk !== 'overtaken';) {
            expect(chunk.next).toBeGreaterThan(position);
            expect(chunk.next - position).toBeLessThanOrEqual(records);
            read.push(chunk.bytes);
            position = chunk.next;
            chunk = reader.read(position, history.end);
          }
          expect(String(Buffer.concat(read))).toBe(
            range(1, count + 1)
              .map((seq) => `${seq};`)
              .join(''),
          );
        },
      ),
    );
  });
});
