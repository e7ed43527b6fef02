import { ConsoleLogger } from '@nestjs/common';
import fc from 'fast-check';
import { DEFAULT_SECRET_KEYS, type RedactOptions } from 'nestjs-log-stream';
import { describe, expect, it } from 'vitest';
import { resolveOptions } from '../../../../src/options/resolve-options.js';
import { PlainWriter } from '../../../../src/record/plain-writer.js';
import { RedactedCopy } from '../../../../src/record/redaction/redacted-copy.js';
import { Redaction } from '../../../../src/record/redaction/redaction.js';
import { SizeBudget } from '../../../../src/record/size-budget.js';
import { streamingLogger } from '../../support/streaming-logger.js';
import { runs } from '../../../harness/property-runs.js';
import { onNest12 } from '../../../harness/nest-version.js';

const X = '[REDACTED]';

/** Nest's own redactor, which it keeps to itself and its subclasses. */
class NestRedactor extends ConsoleLogger {
  constructor(keys: string[]) {
    super({ redact: keys });
  }

  by(value: unknown): unknown {
    return this.redact(value);
  }
}

function redactionOf(keys: readonly string[]): Redaction {
  const { redact } = resolveOptions({ redact: { keys, defaults: false, patterns: false } });
  return Redaction.by(redact)!;
}

const copyOf = (value: unknown, keys: readonly string[]): unknown =>
  new RedactedCopy(redactionOf(keys), () => X).of(value);

const plainOf = (value: unknown, keys: readonly string[]): unknown =>
  new PlainWriter(new SizeBudget(), redactionOf(keys)).value(value);

const name = fc.constantFrom('a', 'b', 'c', 'A', 'Bc', '__proto__', '0');
const keys = fc.array(
  fc.array(fc.oneof(name, fc.constant(' b '), fc.constant('')), { minLength: 1, maxLength: 3 }).map((names) => names.join('.')),
  { minLength: 1, maxLength: 4 },
).filter((paths) => paths.every((path) => /[^.\s]/.test(path))); // prettier-ignore

const { json, any } = fc.letrec<{ json: unknown; any: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(1, 'text', null, true),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(name, tie('json'), { maxKeys: 4, noNullPrototype: true }),
  ),
  any: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(1, 'text', null, true),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(name, tie('any'), { maxKeys: 4, noNullPrototype: true }),
    fc.dictionary(name, tie('any'), { maxKeys: 4, noNullPrototype: true }).map((fields) => new Map(Object.entries(fields))),
    fc.array(tie('any'), { maxLength: 3 }).map((values) => new Set(values)),
    fc.tuple(tie('any'), tie('any')).map(([a, cause]) => Object.assign(new Error('e', { cause }), { a })),
  ),
})); // prettier-ignore

describe('secret keys', () => {
  it.runIf(onNest12)('are those that Nest redacts, in records', () => {
    fc.assert(
      fc.property(json, keys, (value, paths) => {
        expect(JSON.stringify(plainOf(value, paths))).toBe(JSON.stringify(new NestRedactor(paths).by(value)));
      }),
      { numRuns: runs(1_000) },
    );
  });

  it.runIf(onNest12)(
    'are those that Nest redacts, in an object that is the message, which keeps its class',
    () => {
      fc.assert(
        fc.property(any, keys, (value, paths) => {
          const copy = copyOf(value, paths);
          expect(copy).toStrictEqual(new NestRedactor(paths).by(value));
        }),
        { numRuns: runs(1_000) },
      );
    },
  );

  it('change nothing of what was logged, and copy nothing when there is no secret', () => {
    fc.assert(
      fc.property(any, (value) => {
        const before = structuredClone(value);
        copyOf(value, ['a', 'b.c']);
        plainOf(value, ['a', 'b.c']);
        expect(structuredClone(value)).toStrictEqual(before);
        expect(copyOf(value, ['elsewhere'])).toBe(value);
      }),
    );
  });
});

/** The extra fields of a call with these params. */
function fieldsOf(params: object, redact?: RedactOptions | false, logger = 'app'): unknown {
  const ours = streamingLogger({ redact });
  ours.logger.log('m', params, logger);
  const { action, metadata, extra } = ours.record;
  return logger === 'app' ? extra : { action, metadata, ...extra };
}

describe('the fields of a record', () => {
  it.each(['password', 'PassWord', 'apiKey', 'API_KEY', 'x-api-key', 'Set-Cookie', 'clientSecret', 'pin'])(
    'hide %s by default, at any depth, whatever the value is',
    (key) => {
      for (const value of ['hunter2', 5, null, { a: 'hunter2' }, ['hunter2'], (): void => {}]) {
        expect(fieldsOf({ [key]: value, list: [{ deep: { [key]: value } }] })).toEqual({
          [key]: X,
          list: [{ deep: { [key]: X } }],
        });
      }
    },
  );

  it('hide every default key, in three spellings', () => {
    expect(DEFAULT_SECRET_KEYS).toEqual(
      expect.arrayContaining(['api_key', 'api-key', 'apikey', 'token', 'ssn']),
    );
    expect(Object.isFrozen(DEFAULT_SECRET_KEYS)).toBe(true);
    for (const key of DEFAULT_SECRET_KEYS) expect(fieldsOf({ [key]: 'hunter2' })).toEqual({ [key]: X });
  });

  it.each([
    'tokens',
    'token_count',
    'password_changed',
    'author',
    'session',
    'next_token',
    'has_password_changed',
    'key',
    'public_key',
    'pinned',
    'auth',
  ])('show %s', (key) => expect(fieldsOf({ [key]: 'fine' })).toEqual({ [key]: 'fine' }));

  it('hide more by name and path, and less where the defaults are off', () => {
    const params = { password: 'p', user: { email: 'e', name: 'n' }, email: 'e' };
    expect(fieldsOf(params, { keys: ['user.email'] })).toEqual({
      password: X,
      user: { email: X, name: 'n' },
      email: 'e',
    });
    expect(fieldsOf(params, { keys: ['EMAIL'], defaults: false })).toEqual({
      password: 'p',
      user: { email: X, name: 'n' },
      email: X,
    });
    expect(fieldsOf(params, false)).toEqual(params);
  });

  it.each([
    ['where it was logged', 'module', 'module.code'],
    ['on the wire', 'extra_module', 'extra_module.code'],
  ])('hide a renamed field by its name %s, alone and as part of a path', (_where, key, path) => {
    expect(fieldsOf({ module: { code: 1 } }, { keys: [key] })).toEqual({ extra_module: X });
    expect(fieldsOf({ module: { code: 1 } }, { keys: [path] })).toEqual({ extra_module: { code: X } });
  });

  it('hide the action and the metadata of an audit record, and what is in them', () => {
    const params = { action: 'login', metadata: { password: 'p', ip: 'i' }, token: 't' };
    expect(fieldsOf(params, undefined, 'audit.x')).toEqual({
      action: 'login',
      metadata: { password: X, ip: 'i' },
      token: X,
    });
    expect(fieldsOf(params, { keys: ['metadata.ip'] }, 'audit.x')).toMatchObject({
      metadata: { password: X, ip: X },
    });
    expect(fieldsOf(params, { keys: ['metadata', 'action'] }, 'audit.x')).toEqual({
      action: X,
      metadata: X,
      token: X,
    });
  });

  it('hide what is in a map, also one whose keys are not all names', () => {
    const map = new Map<unknown, unknown>([['password', 'p'], [1, { token: 't' }]]); // prettier-ignore
    expect(fieldsOf({ map })).toEqual({ map: [['password', X], [1, { token: X }]] }); // prettier-ignore
    expect(fieldsOf({ map: new Map([['password', 'p']]) })).toEqual({ map: { password: X } });
  });

  it('hide what toJSON returns, and do not read what is hidden', () => {
    let reads = 0;
    const params = {
      user: { toJSON: () => ({ password: 'p' }) },
      nested: {
        secret: {
          toJSON: () => (reads += 1),
        },
      },
    };
    expect(fieldsOf(params)).toEqual({ user: { password: X }, nested: { secret: X } });
    expect(reads).toBe(0);
  });

  it('hide names that are secrets, and lose none of the fields', () => {
    expect(
      fieldsOf({ nested: { 'Bearer mF_9B5f41': 1, 'Bearer mF_9B5f42': 2, '4111 1111 1111 1111': 3 } }),
    ).toEqual({ nested: { [`Bearer ${X}`]: 1, [`Bearer ${X}#1`]: 2, [X]: 3 } });
  });

  it('of an error are hidden too, its own and those of its causes', () => {
    const ours = streamingLogger({ redact: { keys: ['error.code'] } });
    const error = Object.assign(new Error('m', { cause: { password: 'p' } }), {
      code: 5,
      token: 't',
      status: 1,
    });
    ours.logger.error(error);
    expect(ours.record.error).toMatchObject({ code: X, token: X, status: 1, cause: { password: X } });
    const whole = streamingLogger({ redact: { keys: ['error'] } });
    whole.logger.error(error);
    expect(whole.record.error).toEqual({ name: 'Error', message: X });
  });
});
