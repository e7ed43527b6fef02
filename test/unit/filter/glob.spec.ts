import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { compileGlob } from '../../../src/wire/filter/glob.js';
import { runs } from '../../harness/property-runs.js';

/** What a glob means, without any cleverness: each state of the pattern that the text so far may have led to. */
function reference(pattern: string, text: string): boolean {
  let states = new Set([0]);
  const spread = (from: Set<number>): Set<number> => {
    for (const state of from) if (pattern[state] === '*') from.add(state + 1);
    return from;
  };
  spread(states);
  for (let at = 0; at < text.length; at++) {
    const next = new Set<number>();
    for (const state of states) {
      if (pattern[state] === '*') next.add(state);
      else if (pattern[state] === text[at]) next.add(state + 1);
    }
    states = spread(next);
  }
  return states.has(pattern.length);
}

const letters = fc.constantFrom('a', 'b', '.');
const text = fc.string({ unit: letters, maxLength: 12 });
const pattern = fc.string({ unit: fc.oneof(letters, fc.constant('*')), maxLength: 8 });

describe('a pattern', () => {
  it.each<[string, string, boolean]>([
    ['app', 'app', true],
    ['app', 'App', false],
    ['app', 'app.server', false],
    ['app.*', 'app.server.http', true],
    ['app.*', 'app.', true],
    ['app.*', 'app', false],
    ['*', '', true],
    ['**', 'x', true],
    ['*.http', 'app.http', true],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['ab*ba', 'aba', false],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'acb', false],
    ['*ab*ab*', 'abab', true],
    ['*ab*ab*', 'aab', false],
    ['[a-z]+', 'abc', false],
    ['a?c', 'abc', false],
    ['.', 'x', false],
  ])('%s and the text %s', (glob, value, expected) => {
    expect(compileGlob(glob)(value)).toBe(expected);
    expect(reference(glob, value)).toBe(expected);
  });

  it('matches what the reference matches', () => {
    let matched = 0;
    fc.assert(
      fc.property(pattern, text, (glob, value) => {
        const expected = reference(glob, value);
        matched += expected ? 1 : 0;
        expect(compileGlob(glob)(value)).toBe(expected);
      }),
      { numRuns: runs(5_000) },
    );
    expect(matched).toBeGreaterThan(100);
  });

  it('matches every text that it was made of', () => {
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 2, maxLength: 6 }),
        fc.array(text, { maxLength: 6 }),
        (parts, fill) => {
          const value = parts
            .map((part, index) => (index > 0 ? (fill[index - 1] ?? '') : '') + part)
            .join('');
          expect(compileGlob(parts.join('*'))(value)).toBe(true);
        },
      ),
    );
  });
});

describe('a hostile pattern', () => {
  afterEach(() => void vi.restoreAllMocks());

  it.each<[string, string]>([
    ['*a'.repeat(100) + '*b*', 'a'.repeat(32_768)],
    ['*a*a*a*a*a*a*a*a*a*a*b', 'a'.repeat(32_768)],
    [`${'a*'.repeat(127)}c*`, 'a'.repeat(32_768)],
    [`*${'ab*'.repeat(80)}x*`, 'ab'.repeat(16_384)],
  ])('%.24s looks for each of its parts once, and only ahead', (glob, value) => {
    const matches = compileGlob(glob);
    const indexOf = vi.spyOn(String.prototype, 'indexOf');
    const found = matches(value);
    const looked = indexOf.mock.calls.map(([, from]) => from ?? 0);
    vi.restoreAllMocks();
    expect(found).toBe(false);
    expect(looked.length).toBeLessThanOrEqual(glob.split('*').length);
    expect(looked).toEqual(looked.toSorted((a, b) => a - b));
  });
});
