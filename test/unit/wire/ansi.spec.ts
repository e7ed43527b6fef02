import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readColours, withoutColours } from '../../../src/wire/ansi.js';

describe('colour codes of a terminal', () => {
  it.each([
    ['\u001b[31mred\u001b[0m plain', 'red plain', [{ start: 0, end: 3, style: { colour: 1 } }]],
    ['\u001b[1mb\u001b[22mn', 'bn', [{ start: 0, end: 1, style: { bold: true } }]],
    [
      '\u001b[32;1mok\u001b[39m!',
      'ok!',
      [
        { start: 0, end: 2, style: { colour: 2, bold: true } },
        { start: 2, end: 3, style: { bold: true } },
      ],
    ],
    ['\u001b[94mb\u001b[mx', 'bx', [{ start: 0, end: 1, style: { colour: 12 } }]],
    ['\u009b33my', 'y', [{ start: 0, end: 1, style: { colour: 3 } }]],
    ['\u001b[38;5;196mr', 'r', [{ start: 0, end: 1, style: { colour: 9 } }]],
    ['\u001b[38;5;240mgrey', 'grey', [{ start: 0, end: 4, style: { colour: 7 } }]],
    ['\u001b[38;2;0;170;0;1mg', 'g', [{ start: 0, end: 1, style: { colour: 2, bold: true } }]],
    // Backgrounds, blinking and the like are left out, and what belongs to them with them.
    ['\u001b[48;5;31;5;7mx', 'x', []],
    ['\u001b[41mx', 'x', []],
  ])('are read as runs: %j', (text, plain, runs) => {
    expect(readColours(text)).toEqual({ text: plain, runs });
    expect(withoutColours(text)).toBe(plain);
  });

  it.each(['\u001b[2J', '\u001b]0;title\u0007', '\u001b[31', '\u001b[31;', '\u001b[?25lm', 'plain [31m'])(
    'are nothing else that a terminal obeys: %j',
    (text) => {
      expect(readColours(text)).toEqual({ text, runs: [] });
    },
  );

  it('leave a text as it is without them, and one that can be cut anywhere', () => {
    assert(
      property(string({ unit: 'binary' }), (text) => {
        const { text: plain, runs } = readColours(`\u001b[31m${text}`);
        expect(plain).toBe(withoutColours(text));
        expect(runs.every(({ start, end }) => start < end && end <= plain.length)).toBe(true);
      }),
    );
  });
});
