import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold, foldText } from '../../../src/wire/fold.js';

describe('letters that are compared', () => {
  it.each([
    ['Payment FAILED', 'payment failed'],
    ['Straße', 'STRASSE'],
    ['caf\u00e9', 'CAFE\u0301'],
    ['İstanbul', 'istanbul'],
    ['ΟΔΟΣ', 'οδοσ'],
    ['\ufb01n', 'FIN'],
    ['漢字 😀', '漢字 😀'],
  ])('are the same in any case and composition: %j, %j', (one, other) => {
    expect(foldText(one)).toBe(foldText(other));
    expect(fold(one).text).toBe(fold(other).text);
  });

  it('are found in the place where they stand', () => {
    const { text, place } = fold('in der Straße 7');
    const at = text.indexOf('strasse');
    expect([place(at), place(at + 'strasse'.length)]).toEqual([7, 13]);
  });

  it('have a place in the original, in order, and end where it ends', () => {
    assert(
      property(string({ unit: 'binary' }), (original) => {
        const { text, place } = fold(original);
        let before = 0;
        for (let at = 0; at < text.length; at += 1) {
          expect(place(at)).toBeGreaterThanOrEqual(before);
          before = place(at);
        }
        expect(place(text.length)).toBe(original.length);
      }),
    );
  });
});
