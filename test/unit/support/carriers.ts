import fc from 'fast-check';
import { inspect } from 'node:util';

const SECRET_NAMES = ['password', 'Cookie', 'X-Api-Key', 'access_token', 'dbPassword', 'set-cookie'] as const;
const HEADER_NAMES = ['Cookie', 'X-Api-Key', 'Set-Cookie'] as const;

function withOwn<T extends object>(target: T, name: string, secret: string): T {
  return Object.assign(target, { [name]: secret });
}

function filled<T extends { append(name: string, value: string): void }>(list: T, name: string, secret: string): T {
  list.append('fine', 'yes');
  list.append(name, secret);
  return list;
} // prettier-ignore

class Dto {
  constructor(name: string, secret: string) {
    Object.assign(this, { fine: 'yes', [name]: secret });
  }
}

/** Ways in which an application has a secret beside its name, as a value of its own. */
export const CARRIERS: Readonly<Record<string, (name: string, secret: string) => unknown>> = {
  'a field': (name, secret) => ({ [name]: secret }),
  'a field of a class': (name, secret) => new Dto(name, secret),
  'a map': (name, secret) => new Map([[name, secret]]),
  'an entry': (name, secret) => [name, secret],
  'entry pairs': (name, secret) => Object.entries({ fine: 'yes', [name]: secret }),
  'raw headers': (name, secret) => ({ rawHeaders: ['Host', 'example.com', name, secret] }),
  'a HAR header': (name, secret) => ({ headers: [{ name, value: secret }] }),
  'a variable of Postman': (name, secret) => ({ key: name, value: secret, enabled: true }),
  'an error of class-validator': (name, secret) => ({ property: name, value: secret, constraints: {} }),
  'an error of Joi': (name, secret) => ({ path: ['user', name], context: { key: name, value: secret } }),
  'an error of Mongoose': (name, secret) => Object.assign(new Error('too short'), { path: name, value: secret }),
  'headers of fetch': (name, secret) => filled(new Headers(), name, secret),
  'search parameters': (name, secret) => filled(new URLSearchParams(), name, secret),
  'a form': (name, secret) => filled(new FormData(), name, secret),
  'an address': (name, secret) => new URL(`https://example.com/a?b=1&${name}=${secret}`),
  'an address with a password': (_name, secret) => new URL(`https://user:${secret}@example.com/`),
  'an address as a text': (name, secret) => `/a?b=1&${name}=${secret}#c`,
  'JSON in a text': (name, secret) => ({ data: JSON.stringify({ fine: 'yes', [name]: secret }) }),
  'JSON in JSON in a text': (name, secret) => ({ data: JSON.stringify({ body: JSON.stringify({ [name]: secret }) }) }),
  'a body of a form': (name, secret) => ({ body: `a=b&${encodeURIComponent(name)}=${secret}` }),
  'a printed object': (name, secret) => inspect({ fine: 'yes', deep: { [name]: secret } }),
  'printed headers': (name, secret) => inspect(filled(new Headers(), name, secret)),
  'arguments of a command': (name, secret) => ['mysql', `--${name}`, secret],
  'a command': (name, secret) => `mysql --${name} ${secret} -u root`,
  'options of a client': (_name, secret) => ({ options: { auth: `user:${secret}`, host: 'x' } }),
  'options of nodemailer': (_name, secret) => ({ auth: { user: 'u', pass: secret } }),
  'an own property of a list': (name, secret) => withOwn([1, 2], name, secret),
  'an own property of a map': (name, secret) => withOwn(new Map([['a', 1]]), name, secret),
  'an own property of a set': (name, secret) => withOwn(new Set([1]), name, secret),
  'an own property of a function': (name, secret) => withOwn(() => 1, name, secret),
  'an own property of a date': (name, secret) => withOwn(new Date(0), name, secret),
  'an own property of an expression': (name, secret) => withOwn(/x/, name, secret),
  'a field with a symbol as its name': (name, secret) => ({ [Symbol(name)]: secret }),
}; // prettier-ignore

/** The same for what only headers have. */
export const HEADER_CARRIERS: Readonly<Record<string, (name: string, secret: string) => unknown>> = {
  'a raw head': (name, secret) => ({ _header: `GET / HTTP/1.1\r\nHost: x\r\n${name}: ${secret}\r\n\r\n` }),
  'a head as a text': (name, secret) => `> ${name}: ${secret}`,
  'raw headers as a text': (name, secret) => inspect(['Host', 'x', name, secret]),
};

const secret = fc.string({ unit: fc.constantFrom(...'abcXYZ0189'), minLength: 8, maxLength: 24 });

/** A secret somewhere beside its name, and the part of it that must be seen nowhere. */
export const anyCarried: fc.Arbitrary<{ value: unknown; core: string }> = fc
  .oneof(
    fc.tuple(fc.constantFrom(...Object.keys(CARRIERS)), fc.constantFrom(...SECRET_NAMES)).map(([carrier, name]) => ({
      carry: CARRIERS[carrier]!,
      name,
    })),
    fc
      .tuple(fc.constantFrom(...Object.keys(HEADER_CARRIERS)), fc.constantFrom(...HEADER_NAMES))
      .map(([carrier, name]) => ({ carry: HEADER_CARRIERS[carrier]!, name })),
  )
  .chain(({ carry, name }) =>
    // A digit, so that it is no word.
    secret.map((text) => ({ value: carry(name, `7${text}`), core: text })),
  ); // prettier-ignore
