import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalPayload } from '../../../src/trail/evidence/canonical-payload.js';
import { notPlain } from '../../../src/trail/evidence/evidence.messages.js';
import { wellFormed } from '../../../src/trail/evidence/well-formed.js';

/** Appendix B: the bits of an IEEE 754 double, and how it is written. */
const NUMBERS: readonly (readonly [string, string])[] = [
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
];

const fromBits = (hex: string): number => Buffer.from(hex, 'hex').readDoubleBE();
const refusal = (path: string, found: string): TypeError => new TypeError(notPlain(path, found));

describe('RFC 8785', () => {
  it.each(NUMBERS)('appendix B: %s is written %s', (bits, text) => {
    expect(canonicalPayload(fromBits(bits))).toBe(text);
  });

  it.each(['7fffffffffffffff', '7ff0000000000000', 'fff0000000000000'])(
    'appendix B: %s is refused',
    (bits) => {
      expect(() => canonicalPayload({ n: fromBits(bits) })).toThrow(
        refusal('the value.n', String(fromBits(bits))),
      );
    },
  );

  it('section 3.2.2: literals, numbers and strings', () => {
    const sample = String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`;
    // The bytes of section 3.2.4.
    const bytes =
      '7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a' +
      '5b3333333333333333332e333333333333332c31652b33302c342e352c302e3030322c31652d32375d2c22737472696e67223a22e282ac' +
      '245c75303030665c6e4127425c225c5c5c5c5c222f227d';
    expect(Buffer.from(canonicalPayload(JSON.parse(sample))).toString('hex')).toBe(bytes);
  });

  it('section 3.2.3: keys sort by UTF-16 code units, so a surrogate pair comes before U+FB33', () => {
    const sample = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      1: 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    expect(canonicalPayload(sample)).toBe(
      '{"\\r":"Carriage Return","1":"One","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis",' +
        '"\u20ac":"Euro Sign","\ud83d\ude00":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    );
  });

  it("the authors' test file weird.json", () => {
    const input = String.raw`{
      "\u20ac": "Euro Sign", "1": "One", "\u0080": "Control\u007f", "\ud83d\ude02": "Smiley",
      "\u00f6": "Latin Small Letter O With Diaeresis", "\ufb33": "Hebrew Letter Dalet With Dagesh",
      "</script>": "Browser Challenge"
    }`;
    expect(canonicalPayload(JSON.parse(input))).toBe(
      '{"1":"One","</script>":"Browser Challenge","\u0080":"Control\u007f",' +
        '"\u00f6":"Latin Small Letter O With Diaeresis","\u20ac":"Euro Sign","\ud83d\ude02":"Smiley",' +
        '"\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    );
  });
});

describe('canonicalPayload', () => {
  it('says the same value, whatever the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        fc.pre(isWellFormed(value));
        const text = canonicalPayload(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalPayload(JSON.parse(text))).toBe(text);
        expect(canonicalPayload(reversed(value))).toBe(text);
      }),
    );
  });

  it.each([
    ['a class', { at: new Date(0) }, 'the value.at', 'an instance of a class'],
    ['a toJSON', { toJSON: () => 'other' }, 'the value.toJSON', 'a function'],
    ['a function', { a: [() => 1] }, 'the value.a[0]', 'a function'],
    ['a bigint', { a: 1n }, 'the value.a', 'a bigint'],
    ['a symbol', [Symbol('s')], 'the value[0]', 'a symbol'],
    // oxlint-disable-next-line no-sparse-arrays
    ['a hole', [1, , 2], 'the value[1]', 'undefined'],
    ['undefined', undefined, 'the value', 'undefined'],
    ['half a pair', { a: 'cut \ud83d' }, 'the value.a', 'a string with half of a surrogate pair'],
    [
      'half a pair in a key',
      { '\ude00': 1 },
      'the value',
      'an object with a key that has half of a surrogate pair',
    ],
  ])('refuses %s', (_, value, path, found) => {
    expect(() => canonicalPayload(value)).toThrow(refusal(path, found));
  });

  it('leaves out what is undefined', () => {
    expect(canonicalPayload({ b: undefined, a: 1 })).toBe('{"a":1}');
  });
});

describe('wellFormed', () => {
  it('writes out halves of surrogate pairs, and leaves pairs', () => {
    expect(wellFormed({ '\ud800': ['\ud83d\ude00', 'cut \ud83d', 7, null] })).toEqual({
      '\\ud800': ['\ud83d\ude00', String.raw`cut \ud83d`, 7, null],
    });
  });

  it('makes every JSON value one that can be stored', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ stringUnit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) as never }),
        (value) => {
          expect(() => canonicalPayload(wellFormed(value))).not.toThrow();
        },
      ),
    );
  });
});

function isWellFormed(value: unknown): boolean {
  // JSON.stringify escapes lone surrogates, and nothing else from that range.
  return !/\\ud[89a-f]/i.test(JSON.stringify(value));
}

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, item]) => [key, reversed(item)]),
  );
}
