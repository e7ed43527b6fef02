import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalPayload } from '../../../src/trail/evidence/canonical-payload.js';
import { findNonCanonical } from '../../../src/trail/evidence/canonical-scan.js';
import {
  nonCanonical,
  notCanonical,
  notShaped,
  noUtf8,
} from '../../../src/trail/evidence/evidence.messages.js';
import { readPayload } from '../../../src/trail/evidence/read-payload.js';
import { wellFormed } from '../../../src/trail/evidence/well-formed.js';
import { runs } from '../../harness/property-runs.js';

const ENTRY = {
  v: 1,
  seq: 7,
  kind: 'record',
  stream: null,
  instance: 'host:1',
  data: { action: 'pay', n: 12 },
};
const TEXT = canonicalPayload(ENTRY);

/** Each differs from the canonical text in one place only, and most of them say the same to `JSON.parse`. */
const SPELLINGS: readonly (readonly [name: string, from: string, to: string, path: string, what: string])[] =
  [
    [
      'a key twice',
      '"action":"pay"',
      '"action":"none","action":"pay"',
      '$.data',
      nonCanonical.duplicateKey('action'),
    ],
    [
      'keys in another order',
      '"action":"pay","n":12',
      '"n":12,"action":"pay"',
      '$.data',
      nonCanonical.keyOrder('action', 'n'),
    ],
    ['minus zero', '12', '-0', '$.data.n', nonCanonical.number('-0', '0')],
    ['an exponent', '12', '1.2e1', '$.data.n', nonCanonical.number('1.2e1', '12')],
    [
      'a number of 30 digits',
      '12',
      '123456789012345678901234567890',
      '$.data.n',
      nonCanonical.number('123456789012345678901234567890', '1.2345678901234568e+29'),
    ],
    ['a number that is too large', '12', '1e400', '$.data.n', nonCanonical.number('1e400', 'Infinity')],
    ['a leading zero', '12', '012', '$.data.n', nonCanonical.number('012', '12')],
    ['a trailing zero', '12', '12.0', '$.data.n', nonCanonical.number('12.0', '12')],
    ['NaN', '12', 'NaN', '$.data.n', nonCanonical.noJson],
    ['a value of JSON5', '12', "'x'", '$.data.n', nonCanonical.noJson],
    ['no value', '12', '', '$.data.n', nonCanonical.noJson],
    ['white space', '12', ' 12', '$.data.n', nonCanonical.whiteSpace],
    ['a line feed', ',"n"', ',\n"n"', '$.data', nonCanonical.whiteSpace],
    [
      'an escape that needs none',
      '"pay"',
      String.raw`"p\u0061y"`,
      '$.data.action',
      nonCanonical.escape(String.raw`\u0061`),
    ],
    ['an escaped slash', '"pay"', String.raw`"\/"`, '$.data.action', nonCanonical.escape(String.raw`\/`)],
    [
      'a long form of a short escape',
      '"pay"',
      String.raw`"\u000a"`,
      '$.data.action',
      nonCanonical.escape(String.raw`\u000a`),
    ],
    [
      'capital digits',
      '"pay"',
      String.raw`"\u001F"`,
      '$.data.action',
      nonCanonical.escape(String.raw`\u001F`),
    ],
    ['a raw control character', '"pay"', '"\u0001"', '$.data.action', nonCanonical.noJson],
    [
      'an escaped pair',
      '"pay"',
      String.raw`"\ud83d\ude00"`,
      '$.data.action',
      nonCanonical.escape(String.raw`\ud83d`),
    ],
    [
      'half of a pair, escaped',
      '"pay"',
      String.raw`"\ud83d"`,
      '$.data.action',
      nonCanonical.escape(String.raw`\ud83d`),
    ],
    ['half of a pair', '"pay"', '"\ud83d"', '$.data.action', nonCanonical.halfPair],
    [
      'an escaped key',
      '"action"',
      String.raw`"\u0061ction"`,
      '$.data',
      nonCanonical.escape(String.raw`\u0061`),
    ],
  ];

describe('readPayload', () => {
  it('reads the canonical text of an entry, and its bytes', () => {
    expect(readPayload(TEXT)).toEqual({ entry: ENTRY });
    expect(readPayload(new Uint8Array(Buffer.from(TEXT)))).toEqual({ entry: ENTRY });
  });

  it.each(SPELLINGS)('says what is not canonical, and where: %s', (_, from, to, path, what) => {
    const text = TEXT.replace(from, to);
    const { at } = findNonCanonical(text)!;
    expect(readPayload(text)).toEqual({ problem: notCanonical(at + 1, path, what) });
    const place = at - TEXT.indexOf(from);
    expect(place >= 0 && place <= to.length).toBe(true);
  });

  it('says where a text ends early, or goes on', () => {
    expect(readPayload(TEXT.slice(0, -1))).toEqual({
      problem: notCanonical(TEXT.length, '$', nonCanonical.cutOff),
    });
    expect(readPayload(`${TEXT}{}`)).toEqual({
      problem: notCanonical(TEXT.length + 1, '$', nonCanonical.behindTheEnd),
    });
    expect(readPayload(`\ufeff${TEXT}`)).toEqual({ problem: notCanonical(1, '$', nonCanonical.noJson) });
    expect(readPayload(`${TEXT}\0`)).toEqual({
      problem: notCanonical(TEXT.length + 1, '$', nonCanonical.behindTheEnd),
    });
  });

  it('does not take bytes that are no UTF-8 for a text', () => {
    const bytes = Buffer.from(TEXT);
    bytes[bytes.indexOf('pay')] = 0xff;
    expect(readPayload(bytes)).toEqual({ problem: noUtf8() });
  });

  it('is not exhausted by values in values in values', () => {
    const deep = (levels: number): string => TEXT.replace('12', `${'['.repeat(levels)}${']'.repeat(levels)}`);
    expect(readPayload(deep(500))).toHaveProperty('entry');
    expect(readPayload(deep(100_000))).toMatchObject({
      problem: expect.stringContaining(nonCanonical.tooDeep(2_000)),
    });
  });

  it.each([
    ['$', { ...ENTRY, more: 1 }],
    ['$', [ENTRY]],
    ['$', null],
    ['$.v', { ...ENTRY, v: '1' }],
    ['$.seq', { ...ENTRY, seq: 0 }],
    ['$.seq', { ...ENTRY, seq: 1.5 }],
    ['$.kind', { ...ENTRY, kind: 'Record' }],
    ['$.stream', { ...ENTRY, stream: { epoch: 1, seq: 1 } }],
    ['$.instance', { ...ENTRY, instance: null }],
    ['$.data', { ...ENTRY, data: [] }],
  ])('says which field is none of an entry: %s', (field, value) => {
    expect(readPayload(canonicalPayload(value))).toEqual({ problem: notShaped(field) });
  });

  it('judges any text as printing what it says would', () => {
    const text = fc.string({ unit: 'binary' });
    const json = fc.jsonValue({ stringUnit: 'binary' });
    const spelled = fc
      .tuple(json, fc.constantFrom(0, 1, 2))
      .map(([value, indent]) => JSON.stringify(value, undefined, indent));
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          spelled,
          json.map((value) => canonicalPayload(wellFormed(value) as never)),
        ),
        (candidate) => {
          let printed: string | undefined;
          try {
            printed = canonicalPayload(JSON.parse(candidate));
          } catch {
            // No JSON, or half of a pair.
          }
          expect(findNonCanonical(candidate) === undefined).toBe(printed === candidate);
        },
      ),
      { numRuns: runs(2_000) },
    );
  });
});
