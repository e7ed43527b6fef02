import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Replacement } from '../../../../src/record/redaction/replacement.js';
import { SecretTexts } from '../../../../src/record/redaction/secret-texts.js';
import { anySecretInText, CARDS } from '../../support/secrets.js';
import { runs } from '../../../harness/property-runs.js';

const LIMIT = 32_768;
const X = '[REDACTED]';
const texts = new SecretTexts(new Replacement({ censor: X, hash: undefined }));
const clean = (text: string, limit = LIMIT): string => texts.clean(text, limit);

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';
const pem = (kind: string, body = 'MIIEpAIBAAKCAQEA'): string =>
  `-----BEGIN ${kind}-----\n${body}\n-----END ${kind}-----`;

describe('in a text, hidden is', () => {
  it.each<[string, string, string]>([
    ['a bearer token', 'sent Bearer mF_9.B5f-4.1JqM to x', `sent Bearer ${X} to x`],
    ['one in capitals', 'BEARER mF_9.B5f', `BEARER ${X}`],
    ['one that is a word, where it is all of a text', 'Bearer sesame', `Bearer ${X}`],
    ['one that is a word, in a header', 'authorization: Bearer sesame, x', `authorization: Bearer ${X}, x`],
    ['one that is a word, in JSON', '{"Authorization":"Bearer sesame"}', `{"Authorization":"Bearer ${X}"}`],
    [
      'one that is a word, in raw headers',
      "['Authorization', 'Bearer sesame']",
      `['Authorization', 'Bearer ${X}']`,
    ],
    ['one after a scheme that has none', 'Bearer Bearer mF_9B5f41JqM', `Bearer Bearer ${X}`],
    ['one at the end of a sentence', 'got bearer mF_9B5f41JqM.', `got bearer ${X}.`],
    ['basic credentials', 'curl -H "Basic dXNlcjpwYXNz" x', `curl -H "Basic ${X}" x`],
    ['a JSON web token', `token=${JWT};`, `token=${X};`],
    ['one that is part of a name', `jwt_${JWT}`, `jwt_${X}`],
    ['one without signature', 'got eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0. Next', `got ${X}. Next`],
    ['an encrypted one', 'x eyJhbGciOiJkaXIifQ..iv.text.tag y', `x ${X} y`],
    ['a private key', `a ${pem('RSA PRIVATE KEY')} b`, `a ${X} b`],
    ['a PGP private key', pem('PGP PRIVATE KEY BLOCK'), X],
    ['a private key without an end', '-----BEGIN PRIVATE KEY-----\nMII', X],
    ['user and password of a URL', 'at postgres://me:pw@db:5432/x now', `at postgres://${X}@db:5432/x now`],
    ['a password alone', 'redis://:pw@cache', `redis://${X}@cache`],
    ['one with an at sign', 'amqp://me:p@w@mq/', `amqp://${X}@mq/`],
    ['one with a slash', 'amqp://me:p/w#?d@mq/', `amqp://${X}@mq/`],
    ['a token as user', 'https://ghp_0123456789abcdef@github.com/x', `https://${X}@github.com/x`],
    ['each of several', `${JWT} and http://a:b@c`, `${X} and http://${X}@c`],
    ['a card beside digits', 'order 12 4111 1111 1111 1111 737', `order 12 ${X} 737`],
    ['a card at the end of a sentence', 'paid by 4111-1111-1111-1111.', `paid by ${X}.`],
    ['cards in a row', '4111111111111111 5555555555554444', `${X} ${X}`],
    ['an American Express card as it is printed', '3782 822463 10005', X],
  ])('%s', (_what, text, expected) => {
    expect(clean(text)).toBe(expected);
  });

  it.each(CARDS)('the card number %s, grouped or not, also as a number', (digits) => {
    for (const separator of ['', ' ', '-']) {
      const text = digits.replaceAll(/(\d{4})(?=\d)/g, `$1${separator}`);
      expect(clean(`card ${text}, ok`)).toBe(`card ${X}, ok`);
    }
    const value = Number(digits);
    expect(texts.cleanNumber(value)).toBe(Number.isSafeInteger(value) ? X : value);
  });

  it('any of them, whatever is around it', () => {
    fc.assert(
      fc.property(anySecretInText, anySecretInText, (one, two) => {
        const found = clean(`${one.text} ${two.text}`);
        expect(found).not.toContain(one.core);
        expect(found).not.toContain(two.core);
      }),
      { numRuns: runs(1_000) },
    );
  });

  it('nothing twice: what is clean stays as it is', () => {
    const hashed = new SecretTexts(new Replacement({ censor: X, hash: { key: 'k'.repeat(16) } }));
    fc.assert(
      fc.property(anySecretInText, ({ text }) => {
        for (const secrets of [texts, hashed]) {
          const once = secrets.clean(text, LIMIT);
          expect(secrets.clean(once, LIMIT)).toBe(once);
        }
      }),
    );
  });
});

describe('in a text, left alone is', () => {
  it.each([
    '',
    'Instance main-orchestrator spawned',
    'took 1759948245123 ms, 0.4111111111111111 of 4111111111111112',
    '2025-10-08T18:30:45.123Z and 2025-10-08 18:30:45',
    '41111111-1111-4111-8111-411111111111',
    'sha256 4111111111111111a3b4c5d6e7f80912 and a4111111111111111',
    'version 4111111111111111.5',
    'the basic plan, basic authentication failed, Basic auth. Visual Basic 6.0',
    'bearer of bad news, a bearer token is missing, Bearer authentication failed',
    'https://example.com/a?b=c@d and http://localhost:3000/x@y and ssh://git@github.com',
    'mail a@b.example, see http://[::1]:3000/x',
    'eyJmb28iOiJiYXIifQ is base64 JSON, eyJmb28.txt a file',
    pem('CERTIFICATE'),
    pem('PUBLIC KEY'),
    '+49 170 1234567, 030-12345-678',
    '9007199254740991 and 12345678901234567890123',
  ])('%s', (text) => {
    expect(clean(text)).toBe(text);
  });

  it.each([
    0,
    1,
    1e12,
    1_759_948_245_123,
    4_111_111_111_111_112,
    Number.MAX_SAFE_INTEGER,
    0.5,
    -4_111_111_111_111_111,
    4_829_585_991_175_359_000,
  ])('the number %d', (value) => expect(texts.cleanNumber(value)).toBe(value));

  it('what an application logs all the time: ids, times, hashes, numbers, words', () => {
    const hex = (length: number): fc.Arbitrary<string> =>
      fc
        .string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length })
        .filter((text) => /[a-f]/.test(text));
    const ordinary = fc.oneof(
      fc.uuid(),
      fc
        .date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
        .map((date) => date.toISOString()),
      fc.integer().map(String),
      fc.integer({ min: 0, max: 2e12 }).map(String),
      fc.double({ noNaN: true, min: -1e6, max: 1e6 }).map(String),
      hex(40),
      hex(64),
      fc.ipV4(),
      fc.ipV6(),
      fc.webUrl(),
      fc.emailAddress(),
      fc.lorem(),
    );
    fc.assert(
      fc.property(fc.array(ordinary, { maxLength: 5 }), (words) => {
        const text = words.join(', ');
        expect(clean(text)).toBe(text);
      }),
      { numRuns: runs(2_000) },
    );
  });
});

describe('a text that is cut', () => {
  it('shows no half of a secret, wherever it is cut', () => {
    fc.assert(
      fc.property(
        anySecretInText,
        fc.integer({ min: 0, max: 300 }),
        fc.integer({ min: 0, max: 2_000 }),
        ({ text, core }, limit, tail) => {
          const found = clean(`${text} ${'lorem '.repeat(tail)}`, limit).slice(0, limit);
          // A shorter part says nothing.
          for (let index = 0; index + 6 <= core.length; index++) {
            expect(found).not.toContain(core.slice(index, index + 6));
          }
        },
      ),
      { numRuns: runs(500) },
    );
  });

  it.each([
    ['a private key longer than what is read', pem('PRIVATE KEY', 'MII0'.repeat(20_000))],
    ['a token longer than what is read', `Bearer ${'abc0'.repeat(20_000)}`],
    ['a JSON web token with a header longer than what is read', `eyJ${'abc0'.repeat(20_000)}.eyJ.x`],
    ['a password longer than what is read', `http://a:${'abc0'.repeat(20_000)}@x`],
  ])('shows nothing of %s', (_what, text) => {
    expect(clean(`x ${text}`, 10).slice(0, 10)).not.toMatch(/abc0|MII0/);
    expect(clean(`x ${text}`)).not.toMatch(/abc0|MII0/);
  });

  it('shows nothing from behind its limit, however much was taken out before', () => {
    const text = `${pem('PRIVATE KEY')} ${'x'.repeat(30)} 4111 1111 1111 1111`;
    expect(clean(text, 100)).toMatch(/^\[REDACTED\] x+$/);
    expect(clean(`${text} ${'y'.repeat(9_000)}`, 100)).not.toContain('y');
  });

  it('does not grow by what is put in, beyond what shows that it is too long', () => {
    const long = new SecretTexts(new Replacement({ censor: '*'.repeat(64), hash: undefined }));
    expect(long.clean('a://:b@ '.repeat(4_096), LIMIT).length).toBeLessThan(2 * LIMIT + 100);
  });
});
