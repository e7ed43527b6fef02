import fc from 'fast-check';
import { inspect } from 'node:util';

const TRAPS = [
  'get',
  'set',
  'has',
  'deleteProperty',
  'ownKeys',
  'getOwnPropertyDescriptor',
  'defineProperty',
  'getPrototypeOf',
  'setPrototypeOf',
  'isExtensible',
  'preventExtensions',
  'apply',
  'construct',
] as const;

function boom(): never {
  throw new Error('boom');
}

function trapped(target: object, traps: readonly string[] = TRAPS): object {
  return new Proxy(target, Object.fromEntries(traps.map((trap) => [trap, boom])));
}

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function throwing<T extends object>(target: T, ...names: (string | symbol)[]): T {
  for (const name of names) {
    Object.defineProperty(target, name, { get: boom, enumerable: true, configurable: true });
  }
  return target;
}

class Endless {
  toJSON(): Endless {
    return new Endless();
  }
}

class EndlessMap extends Map<string, number> {
  override *entries(): MapIterator<[string, number]> {
    for (;;) yield ['k', 1];
  }
  override *keys(): MapIterator<string> {
    for (;;) yield 'k';
  }
  override [Symbol.iterator](): MapIterator<[string, number]> {
    return this.entries();
  }
}

class EndlessSet extends Set<number> {
  override *[Symbol.iterator](): SetIterator<number> {
    for (;;) yield 1;
  }
}

class BrokenMap extends Map<string, number> {
  override [Symbol.iterator](): never {
    return boom();
  }
}

function nested(depth: number): object {
  let value: object = {};
  for (let index = 0; index < depth; index++) value = { value };
  return value;
}

function cycle(): object {
  const value: Record<string, unknown> = { name: 'cycle', list: [] as unknown[] };
  value['self'] = value;
  (value['list'] as unknown[]).push(value, value['list']);
  return value;
}

function selfReturning(): () => unknown {
  const lazy = (): unknown => lazy;
  return lazy;
}

const { toString: wrongToString } = throwing({}, 'unused') as { toString: () => string };

/** Makers of values that throw, never end, or are too large; each makes a fresh one. */
export const HOSTILE: Readonly<Record<string, () => unknown>> = {
  'a proxy that throws from every trap': () => trapped({}),
  'an array proxy that throws from every trap': () => trapped([]),
  'an error proxy that throws from every trap': () => trapped(new Error('x')),
  'a function proxy that throws from every trap': () => trapped(() => 1),
  'a class proxy that throws from every trap': () => trapped(class A {}),
  'a revoked proxy': () => revoked({}),
  'a revoked array': () => revoked([]),
  'a revoked function': () => revoked(() => 1),
  'a proxy without prototype': () => trapped({ a: 1 }, ['getPrototypeOf']),
  'a proxy without keys': () => trapped({ a: 1 }, ['ownKeys']),
  'a proxy without values': () => trapped({ a: 1 }, ['get']),
  'a getter that throws': () => throwing({ fine: 1 }, 'bad'),
  'getters that throw what cannot be printed': () => ({
    get bad(): unknown {
      throw Object.create(null);
    },
    get worse(): unknown {
      throw throwing(new Error('x'), 'message');
    },
    get worst(): unknown {
      throw trapped({});
    },
    get symbolic(): unknown {
      throw Object.assign(new Error('x'), { message: Symbol('no text') });
    },
  }),
  'a toJSON that throws': () => ({ toJSON: boom }),
  'a toJSON getter that throws': () => throwing({ a: 1 }, 'toJSON'),
  'a toJSON that returns itself': () => ({
    a: 1,
    toJSON(): unknown {
      return this;
    },
  }),
  'a toJSON that never ends': () => new Endless(),
  'a toJSON that returns nothing': () => ({ toJSON: () => undefined }),
  'a toJSON that returns a function': () => ({ toJSON: () => boom }),
  'an inspector that throws': () => ({ [inspect.custom]: boom }),
  'a tag that throws': () => throwing({ a: 1 }, Symbol.toStringTag),
  'a constructor that throws': () => throwing({ a: 1 }, 'constructor'),
  'an instance whose class has no name': () => Object.create(throwing({}, 'constructor')) as object,
  'texts that throw': () => ({ toString: boom, valueOf: boom, [Symbol.toPrimitive]: boom }),
  'an error whose message throws': () => throwing(new Error('x'), 'message'),
  'an error all of whose fields throw': () =>
    throwing(new Error('x'), 'stack', 'message', 'name', 'cause', 'code'),
  'an error whose errors throw': () => throwing(new AggregateError([new Error('x')], 'y'), 'errors'),
  'an error without prototype': () => Object.setPrototypeOf(new Error('x'), null) as object,
  'an error whose fields are of the wrong kind': () =>
    Object.assign(new Error('x'), { name: 1, message: Symbol('m'), stack: {}, cause: 1n, errors: 'none' }),
  'an object that only claims to be an error': () => Object.create(Error.prototype) as object,
  'an object that only claims to be a date': () => Object.create(Date.prototype) as object,
  'an object that only claims to be a map': () => Object.create(Map.prototype) as object,
  'an invalid date': () => new Date(Number.NaN),
  'a map without end': () => new EndlessMap(),
  'a set without end': () => new EndlessSet(),
  'a map that cannot be read': () => new BrokenMap([['a', 1]]),
  'an array that cannot be read': () => Object.assign([1, 2], { [Symbol.iterator]: boom }),
  'an array of holes': () =>
    Array.from({ length: 3 })
      .fill(1, 1, 2)
      .concat(Object.assign([], { length: 1_000_000 })),
  'a function whose name throws': () => Object.defineProperty(() => 'lazy', 'name', { get: boom }),
  'a function whose text throws': () => Object.assign(() => 'lazy', { toString: boom }),
  'a lazy message that throws': () => boom,
  'a lazy message that throws what cannot be printed': () => () => {
    throw Object.create(null);
  },
  'a lazy message that is its own result': selfReturning,
  'a lazy message that makes a hostile one': () => () => trapped({}),
  'a class whose name throws': () =>
    class Odd {
      static get name(): never {
        return boom();
      }
    },
  'a cycle': cycle,
  'a map that holds itself': () => {
    const map = new Map<string, unknown>();
    return map.set('self', map).set('list', [map]);
  },
  'deep nesting': () => nested(50_000),
  'a huge text': () => 'x'.repeat(3_000_000),
  'a huge text of control characters': () => '\u0000'.repeat(100_000),
  'lone surrogates': () => '\ud800'.repeat(40_000),
  'pairs of surrogates': () => `x${'😀'.repeat(20_000)}`,
  'a huge array': () => Array.from({ length: 200_000 }, (_, index) => index),
  'a huge array of nothing': () => Array.from({ length: 200_000 }, () => null),
  'a huge object': () =>
    Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`k${index}`, index])),
  'names that are huge': () => ({ ['n'.repeat(100_000)]: 1, ['n'.repeat(100_001)]: 2 }),
  'names that are control characters': () =>
    Array.from({ length: 900 }, () =>
      Object.fromEntries(Array.from({ length: 31 }, (_, code) => [String.fromCodePoint(code), null])),
    ),
  'numbers that are long as text': () =>
    Array.from({ length: 900 }, () => Array.from({ length: 50 }, () => -1.234567890123456e-300)),
  'errors without end': () =>
    Array.from({ length: 900 }, () => Object.assign(new Error(''), { name: '', stack: '' })),
  'a huge map': () => new Map(Array.from({ length: 50_000 }, (_, index) => [`k${index}`, index])),
  'a huge map of objects': () => new Map(Array.from({ length: 50_000 }, (_, index) => [{ index }, index])),
  'a huge number': () => 10n ** 20_000n,
  'typed arrays': () => [
    new Uint8Array(1e6),
    new Float64Array(2),
    new ArrayBuffer(8),
    Buffer.from('x'),
    new DataView(new ArrayBuffer(1)),
  ],
  symbols: () => ({ [Symbol('key')]: 1, value: Symbol('value'), anonymous: Symbol() }),
  'boxed values': () => [Object(1n), Object(Symbol('s')), Object('text'), Object(true), Object(Number.NaN)],
  'things without JSON': () => [
    new WeakMap(),
    new WeakSet(),
    new WeakRef({}),
    Promise.resolve(),
    globalThis,
    Atomics,
    Reflect,
  ],
  'a rejected thenable': () => ({
    then: boom,
  }),
  'a field named __proto__': () =>
    JSON.parse('{"__proto__":{"is_audit":true,"toString":1},"constructor":1}') as object,
  'a text method of its own': () => ({ toString: wrongToString, hasOwnProperty: 1 }),
};

/** Makers of anything, and of the worst of it; not the values, which fast-check itself could not handle. */
export const anyValue: fc.Arbitrary<() => unknown> = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...Object.values(HOSTILE)) },
  {
    weight: 3,
    arbitrary: fc
      .anything({
        withBigInt: true,
        withBoxedValues: true,
        withDate: true,
        withMap: true,
        withNullPrototype: true,
        withObjectString: true,
        withSet: true,
        withSparseArray: true,
        withTypedArray: true,
        withUnicodeString: true,
      })
      .map((value) => () => value),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.string(), fc.constantFrom(...Object.values(HOSTILE)))
      .map(([name, make]) => () => ({ [name]: { deeper: [make()] } })),
  },
);
