import fc from 'fast-check';

/** Values of every kind that people pass to a logger, none of which makes `ConsoleLogger` itself throw. */

class Instance {
  readonly id: number;
  constructor(id: number) {
    this.id = id;
  }
}

class Named {}

const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('', ' ', 'AppService', 'done', 'multi\nline', '\u001b[31mred\u001b[39m'),
);

/** Text that Nest takes for a stack, and text that only looks like one. */
export const stack = fc.oneof(
  fc
    .tuple(fc.constantFrom('Error', 'TypeError', 'Oops', ''), text)
    .map(([name, message]) => `${name}: ${message}\n    at Service.run (/app/src/service.ts:12:5)`),
  fc.constantFrom(
    new Error('real').stack!.split('\n').slice(0, 2).join('\n'),
    '\n at x:1:1',
    'Error: none\n  at nowhere',
    'Error\n\tat f (a.js:1:2)',
  ),
);

const key = fc.oneof(
  fc.string({ minLength: 1, maxLength: 6 }),
  fc.constantFrom('memory_mb', '404', '0', 'a.b', 'constructor', 'toString', 'Ω', '__proto__x'),
);

const json = fc.jsonValue({ maxDepth: 2 });

export const params = fc.dictionary(key, fc.oneof(json, fc.constant(undefined), fc.bigInt()), { maxKeys: 4 });

/** Errors in errors stay above the depth at which Nest's logger, and at another one ours, cuts them off. */
const depthIdentifier = fc.createDepthIdentifier();

export const error: fc.Arbitrary<Error> = fc.letrec<{ error: Error; cause: unknown }>((tie) => ({
  cause: fc.oneof({ maxDepth: 4, depthIdentifier }, json, fc.constant(undefined), tie('error')),
  error: fc.oneof(
    { maxDepth: 4, depthIdentifier },
    fc.tuple(text, tie('cause')).map(([message, cause]) => new Error(message, { cause })),
    fc.tuple(text, tie('cause')).map(([message, cause]) => new TypeError(message, { cause })),
    fc
      .tuple(fc.array(tie('cause'), { maxLength: 3 }), text)
      .map(([errors, message]) => new AggregateError(errors, message)),
    fc
      .tuple(text, fc.oneof(json, fc.constantFrom(undefined, Named)))
      .map(([message, code]) => Object.assign(new RangeError(message), { code, status: 409 })),
    text.map((message) => {
      const circular = new Error(message);
      return Object.assign(circular, { cause: circular });
    }),
    text.map((name) => Object.assign(new Error('renamed'), { name })),
    text.map((stackText) => Object.assign(new Error('other stack'), { stack: stackText })),
  ),
})).error;

const structured: fc.Arbitrary<unknown> = fc.oneof(
  fc.array(json, { maxLength: 3 }),
  params,
  params.map((fields) => Object.assign(Object.create(null) as object, fields)),
  fc.dictionary(key, json, { maxKeys: 3 }).map((fields) => new Map(Object.entries(fields))),
  fc.array(json, { maxLength: 3 }).map((items) => new Set(items)),
  fc.nat().map((id) => new Instance(id)),
  fc.date({ noInvalidDate: false }),
  fc.constantFrom(/a+/g, new Uint8Array([1, 2]), Promise.resolve(1), new WeakMap()),
);

const primitive: fc.Arbitrary<unknown> = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.bigInt(),
  fc.boolean(),
  fc.constantFrom(null, undefined, Symbol('named'), Symbol.iterator),
);

const value: fc.Arbitrary<unknown> = fc.oneof(text, stack, primitive, structured, error, params);

const callable: fc.Arbitrary<unknown> = fc.oneof(
  value.map((result) => () => result),
  value.map(
    (result) =>
      function lazy() {
        return () => result;
      },
  ),
  fc.constantFrom(Named, Instance, class {}),
);

/** Arguments of one call: anything, often ending as people end them. */
export const logArguments: fc.Arbitrary<unknown[]> = fc
  .tuple(
    fc.array(fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: callable }), {
      minLength: 1,
      maxLength: 4,
    }),
    fc.oneof(
      { weight: 3, arbitrary: fc.constant<unknown[]>([]) },
      text.map((context) => [context]),
      fc.tuple(params, text).map((end) => [...end]),
      fc.tuple(stack, text).map((end) => [...end]),
      fc.tuple(text, stack).map((end) => [...end]),
      fc.tuple(fc.constant(undefined), text).map((end) => [...end]),
      fc.constant([undefined]),
    ),
  )
  .map(([first, end]) => [...first, ...end]);
