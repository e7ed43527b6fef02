import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cursors } from '../../../src/stream/cursor.js';

describe('cursors', () => {
  const cursors = new Cursors();

  it('name a position of their stream', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (position) => {
        expect(cursors.parse(cursors.format(position))).toEqual({ known: true, position });
      }),
    );
  });

  it('may name the place behind a record, whatever their position', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (position, seq) => {
        const cursor = `${cursors.format(position)}~${seq}`;
        expect(cursors.parse(cursor)).toEqual({ known: true, position: seq + 1 });
        expect(cursor.length).toBeLessThanOrEqual(64);
      }),
    );
  });

  it('of another stream say which place they name, in which stream', () => {
    const other = new Cursors();
    const place = { epoch: other.epoch, position: 7 };
    expect(cursors.parse(other.format(7))).toEqual({ known: false, place });
    expect(cursors.parse(`${other.format(9)}~6`)).toEqual({ known: false, place });
    expect(cursors.format(7, other.epoch)).toBe(other.format(7));
  });

  it.each(['', 'x', '-', 'a-', 'A-1', 'a-1~', 'a-1~01', 'a-1~x', 'a-1~-1', 'a-1~1~1', ' a-1'])(
    'are not %j',
    (text) => {
      expect(cursors.parse(text)).toBeUndefined();
    },
  );
});
