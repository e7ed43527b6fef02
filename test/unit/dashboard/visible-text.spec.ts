import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutText, piecesOf, visibleText } from '../../../src/dashboard/page/model/visible-text.js';

const shown = (text: string, needle?: string, lineBreaks?: boolean): string =>
  piecesOf(text, needle, lineBreaks)
    .map(({ kind, text: piece }) =>
      kind === 'plain' ? piece : kind === 'found' ? `[${piece}]` : `{${piece}}`,
    )
    .join('');

describe('text that is shown', () => {
  it.each([
    ['\u001b[31mred\u0007', '{␛}[31mred{␇}'],
    ['one\r\ntwo', 'one{↵}two'],
    ['50 %\r100 %', '50 %{␍}100 %'],
    ['a\tb', 'a\tb'],
    ['admin\u202etxt.exe', 'admin{⟨202E⟩}txt.exe'],
    ['zero\u200bwidth\ufeff', 'zero{⟨200B⟩}width{⟨FEFF⟩}'],
    ['\u007f\u009b31m', '{␡}{⟨009B⟩}31m'],
    ['<b>&amp;', '<b>&amp;'],
    ['grüße 漢字 😀', 'grüße 漢字 😀'],
    ['', ''],
  ])('has what cannot be seen in a form that can: %j', (text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  it('keeps line feeds where lines may break', () => {
    expect(shown('one\ntwo\u0000', '', true)).toBe('one\ntwo{␀}');
    expect(shown('one\r\ntwo\rthree', '', true)).toBe('one\ntwo{␍}three');
  });

  it.each([
    ['Turn failed, failed', 'FAIL', 'Turn [fail]ed, [fail]ed'],
    ['aaaa', 'aa', '[aa][aa]'],
    ['a\u0000b', 'a\u0000b', '[a]{␀}[b]'],
    ['none', '', 'none'],
    ['none', 'x', 'none'],
    // `İ` is two characters in lower case: a mark would stand in the wrong place.
    ['İstanbul fails', 'fails', 'İstanbul fails'],
  ])('has what was searched for marked: %j, %j', (text, needle, expected) => {
    expect(shown(text, needle)).toBe(expected);
  });

  it('loses nothing and lets nothing invisible through', () => {
    assert(
      property(string({ unit: 'binary' }), string({ maxLength: 3 }), (text, needle) => {
        const pieces = piecesOf(text, needle);
        const plain = pieces.filter(({ kind }) => kind !== 'control').map(({ text: piece }) => piece);
        expect(plain.join('')).toBe(
          text.replaceAll(
            /[\p{Cc}\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu,
            (c) => (c === '\t' ? c : ''),
          ),
        );
        expect(visibleText(text).replaceAll('\t', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
      }),
    );
  });

  it.each([
    ['short', 10, 'short', 0],
    ['exactly', 7, 'exactly', 0],
    ['too long', 3, 'too', 5],
    ['ab😀cd', 3, 'ab', 4],
    ['ab😀cd', 4, 'ab😀', 2],
  ])('is cut, but not within a character: %j at %i', (text, most, kept, missing) => {
    expect(cutText(text, most)).toEqual({ text: kept, missing });
  });
});
