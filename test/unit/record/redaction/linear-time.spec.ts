import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Replacement } from '../../../../src/record/redaction/replacement.js';
import { SIGN } from '../../../../src/record/redaction/literal-signs.js';
import { SecretTexts } from '../../../../src/record/redaction/secret-texts.js';
import { runs } from '../../../harness/property-runs.js';

/** The longest text of a record. */
const LIMIT = 32_768;

/** Reads of one character by all detectors together, of which there are twelve. */
const READS = 48;

const texts = new SecretTexts(new Replacement({ censor: '[REDACTED]', hash: undefined }));
const readsFor = (text: string): number => readsOf(() => texts.clean(text, LIMIT));
const filled = (unit: string, length: number): string =>
  unit.repeat(Math.ceil(length / unit.length)).slice(0, length);

// prettier-ignore
/** Beginnings, middles and ends of all that is looked for. */
const FRAGMENTS = [
  'eyJ', 'eyJ.', 'eyJa.b ', 'eyJ eyJ', '://', 'a://b:c/', '://a:b', '://a@', '://a:b@', '@',
  '/', 'a', 'A0', '-----BEGIN ', '-----BEGIN PRIVATE KEY-----', '-----END ', 'PRIVATE KEY', '-----', '\n', '.',
  ' ', '\t', 'bearer ', 'Bearer\t', 'basic AAAA', 'Basic a ', 'basic', 'authorization: ', 'authorization"', '1',
  '4111 ', '4111-1111-', '41111111111111', '1111 1111 111a', '4111111111111111 ', '5-', '1  1', '12 ', '             ',
  ':', '=', '"', '\\"', "'", ',', '{', '[', '}', 'token', 'password=', 'password: ', '"token":"', '"token":{', '"token":null,',
  'auth:', 'auth:{', "auth:'", 'cookie: a=b; ', 'Cookie: ', "'Cookie', '", '<pin>', '</pin>', '<', '--', '--token ', '-- ',
  'user[pin]=', '\\n', '\\', 'sk-', 'sk-ant-', 'AKIA', 'AKIAIOSFODNN7EXAMPLE', 'xoxb-', 'SG.', 'ghp_', 'hooks.slack.com/services/',
];

describe('the time of a hostile text', () => {
  it('has no part in the search for signs that repeats without a bound', () => {
    expect(SIGN.source).not.toMatch(/[*+]|\{\d+,\}/);
  });

  it.each(FRAGMENTS)('grows with its length only: %j over and over', (fragment) => {
    const whole = readsFor(filled(fragment, LIMIT));
    expect(whole).toBeLessThan(READS * LIMIT);
    expect(whole).toBeLessThan(2.5 * readsFor(filled(fragment, LIMIT / 2)) + 1_000);
  });

  it('grows with its length only, whatever is repeated', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...FRAGMENTS), { minLength: 1, maxLength: 8 }), (fragments) => {
        const unit = fragments.join('');
        const whole = readsFor(filled(unit, LIMIT));
        // What one kind of secret begins, another one may read as well.
        expect(whole).toBeLessThan(2 * READS * LIMIT);
        expect(whole).toBeLessThan(2.5 * readsFor(filled(unit, LIMIT / 2)) + READS * unit.length);
      }),
      { numRuns: runs(200) },
    );
  });

  it('is that of the part that is kept, however long it is', () => {
    for (const fragment of FRAGMENTS) {
      expect(readsFor(filled(fragment, 1_000_000))).toBeLessThan(1.25 * READS * LIMIT);
    }
  });
});

type Method = (...args: unknown[]) => unknown;

/** Characters of texts that are read meanwhile, by whatever method: counted, for a clock would only guess. */
function readsOf(work: () => void): number {
  let reads = 0;
  const prototype = String.prototype as unknown as Record<string, Method>;
  const costs: Record<string, (text: string, found: unknown, args: unknown[]) => number> = {
    charCodeAt: () => 1,
    startsWith: (_text, _found, [prefix]) => String(prefix).length,
    slice: (_text, found) => String(found).length,
    indexOf: (text, found, [, from]) => (Number(found) < 0 ? text.length : Number(found)) - Number(from ?? 0),
    lastIndexOf: (text) => text.length,
    includes: (text) => text.length,
    replaceAll: (text) => text.length,
  };
  const originals = Object.keys(costs).map((name) => [name, prototype[name]!] as const);
  // `test` and `replaceAll` of a regular expression call it too.
  const pattern = RegExp.prototype;
  const originalExec = pattern.exec;
  for (const [name, original] of originals) {
    prototype[name] = function counted(this: string, ...args: unknown[]) {
      const found = original.apply(this, args);
      reads += costs[name]!(this, found, args);
      return found;
    };
  }
  pattern.exec = function counted(this: RegExp, text: string) {
    const from = this.global ? this.lastIndex : 0;
    const found = originalExec.call(this, text);
    reads += (found ? found.index + found[0].length : text.length) - from;
    return found;
  };
  try {
    work();
  } finally {
    pattern.exec = originalExec;
    for (const [name, original] of originals) prototype[name] = original;
  }
  return reads;
}
