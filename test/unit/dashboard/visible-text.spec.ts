import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Marks } from '../../../src/dashboard/page/model/marks.js';
import {
  cutText,
  type Piece,
  piecesOf,
  visibleText,
} from '../../../src/dashboard/page/model/visible-text.js';
import { readColours } from '../../../src/wire/ansi.js';

const pieces = (text: string, needle = '', marked: readonly string[] = [], lineBreaks?: boolean): Piece[] =>
  piecesOf(readColours(text), new Marks(needle, marked), lineBreaks);

const shown = (text: string, needle?: string, lineBreaks?: boolean): string =>
  pieces(text, needle, [], lineBreaks)
    .map(({ kind, text: piece, mark }) =>
      kind === 'control' ? `{${piece}}` : mark === undefined ? piece : `[${piece}]`,
    )
    .join('');

describe('text that is shown', () => {
  it.each([
    ['\u001b[31mred\u001b[2J\u0007', 'red{␛}[2J{␇}'],
    ['one\r\ntwo', 'one{↵}two'],
    ['50 %\r100 %', '50 %{␍}100 %'],
    ['a\tb', 'a\tb'],
    ['admin\u202etxt.exe', 'admin{⟨202E⟩}txt.exe'],
    ['zero\u200bwidth\ufeff', 'zero{⟨200B⟩}width{⟨FEFF⟩}'],
    ['\u007f\u009b2J\u009b31m', '{␡}{⟨009B⟩}2J'],
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
    ['İstanbul fails', 'FAILS', 'İstanbul [fails]'],
    ['İstanbul', 'istan', '[İstan]bul'],
    ['die Straße', 'STRASSE', 'die [Straße]'],
    ['caf\u0065\u0301 noir', 'CAF\u00c9', '[caf\u0065\u0301] noir'],
  ])('has what was searched for marked: %j, %j', (text, needle, expected) => {
    expect(shown(text, needle)).toBe(expected);
  });

  it('loses nothing and lets nothing invisible through', () => {
    assert(
      property(string({ unit: 'binary' }), string({ maxLength: 3 }), (text, needle) => {
        const plain = pieces(text, needle).flatMap(({ kind, text: piece }) =>
          kind === 'control' ? [] : [piece],
        );
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

  it('has terms that are marked beside the search, each by itself', () => {
    expect(
      pieces('order paid by ada', 'paid', ['order', '', 'ADA']).map(({ text, mark }) => [text, mark]),
    ).toEqual([
      ['order', 1],
      [' ', undefined],
      ['paid', 0],
      [' by ', undefined],
      ['ada', 3],
    ]);
  });

  it('has its colours, also across what is found in it', () => {
    expect(pieces('\u001b[1;31mre\u001b[0md', 'red')).toEqual([
      { kind: 'plain', text: 're', mark: 0, style: { colour: 1, bold: true } },
      { kind: 'plain', text: 'd', mark: 0 },
    ]);
  });

  it.each([
    ['see https://example.org/a?b=1#c.', 'https://example.org/a?b=1#c'],
    ['(http://localhost:3000/x)', 'http://localhost:3000/x'],
    ['https://en.wikipedia.org/wiki/Log_(file)', 'https://en.wikipedia.org/wiki/Log_(file)'],
    ['"https://example.org/"', 'https://example.org/'],
    ['https://example.org/\u202egpj.exe', 'https://example.org/'],
  ])('has the address in it as a link: %j', (text, href) => {
    expect([...new Set(pieces(text).flatMap((piece) => piece.href ?? []))]).toEqual([href]);
  });

  it.each([
    'javascript://example.org/%0aalert(1)',
    'data://text/html,x',
    'xhttps://example.org',
    'file:///etc/passwd',
    'https://user:secret@example.org/',
    'https://аpple.com',
    'http://',
  ])('leads nowhere else: %j', (text) => {
    expect(pieces(text).every(({ href }) => href === undefined)).toBe(true);
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
