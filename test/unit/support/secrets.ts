import fc from 'fast-check';

/** A text with a secret in it, and the part of it that must be seen nowhere. */
export interface Planted {
  readonly text: string;
  readonly core: string;
}

const base64url = fc
  .base64String({ minLength: 24, maxLength: 60 })
  .map((text) => text.replaceAll(/[+/=]/g, '_'));
const alphanumeric = (minLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'abcXYZ0189'), minLength, maxLength: 40 });

export const CARDS = [
  '4111111111111111',
  '4222222222222',
  '5555555555554444',
  '2223003122003222',
  '378282246310005',
  '30569309025904',
  '36227206271667',
  '3530111333300000',
  '6011111111111117',
  '6304000000000000',
  '6205500000000000004',
];

const card = fc
  .constantFrom(...CARDS)
  .chain((digits) =>
    fc.constantFrom(
      digits,
      digits.replaceAll(/(\d{4})(?=\d)/g, '$1 '),
      digits.replaceAll(/(\d{4})(?=\d)/g, '$1-'),
    ),
  );

const jwt = fc.tuple(base64url, base64url, base64url).map(([a, b, c]) => ({
  text: `eyJhbGciOi${a}.eyJzdWIi${b}.${c}`,
  core: b,
}));

const bearer = fc
  .tuple(fc.constantFrom('Bearer', 'bearer', 'BEARER'), alphanumeric(8))
  .map(([scheme, token]) => ({ text: `${scheme} 7${token}`, core: token }));

const basic = alphanumeric(8).map((password) => {
  const core = Buffer.from(`user:${password}`).toString('base64');
  return { text: `Basic ${core}`, core };
});

const privateKey = fc
  .tuple(fc.constantFrom('', 'RSA ', 'EC ', 'ENCRYPTED ', 'OPENSSH '), base64url)
  .map(([kind, core]) => ({
    text: `-----BEGIN ${kind}PRIVATE KEY-----\n${core}\nMII=\n-----END ${kind}PRIVATE KEY-----`,
    core,
  }));

const url = fc
  .tuple(
    fc.constantFrom('postgres', 'https', 'redis', 'amqp'),
    alphanumeric(6),
    fc.constantFrom('', '/', '@', '%40', "'"),
  )
  .map(([scheme, password, odd]) => ({
    text: `${scheme}://user:pw${odd}${password}@db.example.com:5432/main`,
    core: password,
  }));

/** Anything that a pattern must find. */
export const anySecret: fc.Arbitrary<Planted> = fc.oneof(
  card.map((text) => ({ text, core: text })),
  jwt,
  bearer,
  basic,
  privateKey,
  url,
);

/** The same with text around it. */
export const anySecretInText: fc.Arbitrary<Planted> = fc
  .tuple(
    fc.constantFrom('', 'see ', '"', '=', '(', ', ', 'key: '),
    anySecret,
    fc.constantFrom('', ' done', '"', ', ', ')', '\n  at x'),
  )
  .map(([before, { text, core }, after]) => ({ text: `${before}${text}${after}`, core }));

class Holder {
  constructor(readonly held: unknown) {}
}

const WRAPS: ((value: unknown) => unknown)[] = [
  (value) => [1, value],
  (value) => ({ fine: 'yes', field: value }),
  (value) => new Map<unknown, unknown>([['field', value]]),
  (value) => new Map<unknown, unknown>([[7, value]]),
  (value) => new Set([value]),
  (value) => new Holder(value),
  (value) => new Error('failed', { cause: value }),
  (value) => new AggregateError([value], 'failed'),
  (value) => Object.assign(Object.create(null) as object, { value }),
];

/** Ways to hide a value in other values. */
export const anyNesting: fc.Arbitrary<(value: unknown) => unknown> = fc
  .array(fc.constantFrom(...WRAPS), { maxLength: 4 })
  .map((wraps) => (value) => wraps.reduce((inner, wrap) => wrap(inner), value));
