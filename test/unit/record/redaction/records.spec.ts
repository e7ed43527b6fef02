import fc from 'fast-check';
import { type LogRecord, type LogStreamOptions } from 'nestjs-log-stream';
import { describe, expect, it, vi } from 'vitest';
import { auditLog } from '../../../../src/audit/audit-log.js';
import { anyNesting, anySecretInText } from '../../support/secrets.js';
import { type StreamingLogger, streamingLogger } from '../../support/streaming-logger.js';
import { runs } from '../../../harness/property-runs.js';

const X = '[REDACTED]';
const MARK = 'hunter2';

/** All that anybody can see of what was logged: the wire, the history, what observers got. */
function seen(log: (ours: StreamingLogger) => void, options: LogStreamOptions = {}): string {
  const ours = streamingLogger({ caller: 'never', ...options });
  const observed: LogRecord[] = [];
  ours.stream.records$.subscribe((record) => observed.push(record));
  log(ours);
  expect(ours.logger.failures).toEqual({ inner: 0, stream: 0 });
  expect(ours.wire.length).toBeGreaterThan(0);
  return [ours.wire, ours.records, observed].map((part) => JSON.stringify(part)).join('\n');
}

type Place = (ours: StreamingLogger, value: unknown) => void;

/** Everywhere that an application can put a value. */
const PLACES: Record<string, Place> = {
  'the message': ({ logger }, value) => logger.log(value, 'Ctx'),
  'one of several messages': ({ logger }, value) => logger.warn('m', [value], 'Ctx'),
  'a lazy message': ({ logger }, value) => logger.log(() => value, 'Ctx'),
  params: ({ logger }, value) => logger.log('m', { value }, 'Ctx'),
  'a renamed field': ({ logger }, value) => logger.log('m', { message: value }, 'Ctx'),
  'metadata and action': ({ logger }, value) => logger.log('m', { action: value, metadata: { value } }, 'audit.x'),
  'the metadata of the audit API': ({ logger }, value) =>
    void auditLog(logger as never, 'm', { action: 'a' as never, metadata: { value }, more: value }),
  'the cause of an error': ({ logger }, value) => logger.error(new Error('e', { cause: value }), 'Ctx'),
  'several errors': ({ logger }, value) => logger.error('m', new AggregateError([value], 'e'), 'Ctx'),
  'a published record': ({ stream }, value) => void stream.publish({ message: 'm', value }),
  'a published audit record': ({ stream }, value) =>
    void stream.publish({ message: 'm', is_audit: true, metadata: value, action: 'a' }),
}; // prettier-ignore

const TEXT_PLACES: Record<string, (ours: StreamingLogger, text: string) => void> = {
  'an error’s message and stack': ({ logger }, text) => logger.error(new Error(text), 'Ctx'),
  'an error’s own field': ({ logger }, text) => logger.error(Object.assign(new Error('e'), { detail: text })),
  'an error’s name': ({ logger }, text) => logger.error(Object.assign(new Error('e'), { name: text })),
  'an error beside a message': ({ logger }, text) => logger.error('m', new Error(text), 'Ctx'),
  'a stack that is a text': ({ logger }, text) => logger.error('m', `Error: ${text}\n    at x (y.js:1:2)`, 'Ctx'),
  'the name of a field': ({ logger }, text) => logger.log('m', { [text]: 1, nested: { [text]: 1 } }, 'Ctx'),
  'the name of a map’s entry': ({ logger }, text) => logger.log('m', { map: new Map([[text, 1]]) }, 'Ctx'),
  'the logger': ({ logger }, text) => logger.log('m', text),
  'an error that is thrown by a getter': ({ logger }, text) =>
    logger.log('m', { a: { get b(): never { throw new Error(text); } } }, 'Ctx'),
  'the module and function of a published record': ({ stream }, text) =>
    void stream.publish({ message: text, module: text, function: text, logger: text }),
}; // prettier-ignore

describe('a secret that is planted', () => {
  it.each(Object.entries(PLACES))('in %s is seen nowhere', (_place, put) => {
    fc.assert(
      fc.property(anyNesting, anySecretInText, (nest, { text, core }) => {
        expect(seen((ours) => put(ours, nest(text)))).not.toContain(core);
      }),
      { numRuns: runs(60) },
    );
  });

  it.each(Object.entries(PLACES))('by its key in %s is seen nowhere', (_place, put) => {
    const key = fc.constantFrom('password', 'PASSWORD', 'accessToken', 'api-key', 'deep.er');
    const value = fc.constantFrom<unknown>(
      MARK,
      [MARK],
      { a: MARK },
      new Set([MARK]),
      new Error(MARK),
      `7 ${MARK}`,
    );
    const redact = { keys: ['deep.er'] };
    fc.assert(
      fc.property(anyNesting, anyNesting, key, value, (outer, inner, name, secret) => {
        const holder = name === 'deep.er' ? { deep: [{ er: inner(secret) }] } : { [name]: inner(secret) };
        expect(seen((ours) => put(ours, outer(holder)), { redact })).not.toContain(MARK);
      }),
      { numRuns: runs(60) },
    );
  });

  it.each(Object.entries(TEXT_PLACES))('in %s is seen nowhere', (_place, put) => {
    fc.assert(
      fc.property(anySecretInText, ({ text, core }) => {
        expect(seen((ours) => put(ours, text))).not.toContain(core);
      }),
      { numRuns: runs(60) },
    );
  });

  it('in what the option `context` returns is seen nowhere', () => {
    const context = (): object => ({ session: { token: MARK }, url: `https://a:${MARK}@b` });
    expect(seen(({ logger }) => logger.log('m'), { context })).not.toContain(MARK);
  });

  it('where printing goes deeper than records do, or not so deep, is seen nowhere', () => {
    const huge = { a: 'x'.repeat(40_000), b: 'y'.repeat(40_000), password: MARK };
    const hidden = { toJSON: () => ({}), password: MARK };
    const axios = Object.assign(new Error('e'), { config: { headers: { authorization: MARK } } });
    const proxy = new Proxy({ password: MARK }, { ownKeys: () => [] });
    const keyed = new Map([[{ password: MARK }, 1]]);
    const cycle: Record<string, unknown> = { password: MARK };
    cycle['self'] = [cycle];
    for (const value of [huge, hidden, axios, proxy, keyed, cycle]) {
      expect(seen(({ logger }) => logger.log([value], 'Ctx'))).not.toContain(MARK);
    }
  });

  it('beside what cannot be read is seen nowhere, and the rest is', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const all = seen(({ logger }) => logger.log({ proxy, password: MARK, fine: 'seen' }, 'Ctx'));
    expect(all).toContain('seen');
    expect(all).not.toContain(MARK);
  });

  it.each([32_768, 10_000, 1_000])(
    'across the %d characters at which a text is cut is not seen in part',
    (cut) => {
      const jwt = `eyJhbGciOi${'H'.repeat(40)}.eyJzdWIiOi${'P'.repeat(40)}.${'S'.repeat(40)}`;
      for (let offset = 1; offset < jwt.length; offset += 7) {
        const text = `${'x '.repeat(cut).slice(0, cut - offset)}${jwt} more`;
        for (const args of [[text], [{ text }], ['m', { text }], ['m', `Error: ${text}\n    at x`]]) {
          const all = seen(({ logger }) => (logger.error as (...args: unknown[]) => void)(...args, 'Ctx'));
          expect(all).not.toMatch(/HHH|PPP|SSS/);
        }
      }
    },
  );
});

describe('a record', () => {
  it('is the same as without redaction, when it has no secret', () => {
    const text = (redact: LogStreamOptions['redact']): string => {
      const ours = streamingLogger({ caller: 'never', redact });
      const cycle: Record<string, unknown> = { list: [1, { two: 2 }], date: new Date(0), error: null };
      cycle['self'] = cycle;
      vi.useFakeTimers({ toFake: ['Date'], now: 0 });
      ours.logger.log(cycle, 'Ctx');
      ours.logger.log('m', cycle, 'Ctx');
      ours.logger.error('m', 'Error: x\n    at y', 'Ctx');
      vi.useRealTimers();
      return ours.wire.join('\n');
    };
    expect(text({})).toBe(text(false));
  });

  it('keeps its category, whatever is hidden', () => {
    const ours = streamingLogger({ redact: { keys: ['is_audit', 'action'] } });
    ours.logger.log('m', { is_audit: true, action: 'x' }, 'Ctx');
    expect(ours.record).toMatchObject({ category: 'audit', origin: 'flag', action: X });
  });

  it('is `truncated` by what was cut, not by what was hidden', () => {
    const pem = `-----BEGIN PRIVATE KEY-----\n${'M'.repeat(20_000)}\n-----END PRIVATE KEY-----`;
    const whole = streamingLogger();
    whole.logger.log(pem, { pem });
    expect(whole.record).toMatchObject({ message: X, extra: { pem: X }, truncated: false });
    const cut = streamingLogger();
    cut.logger.log('m', { a: `${pem}${'x'.repeat(30_000)}` }, 'Ctx');
    expect(cut.record.truncated).toBe(true);
  });

  it('bounds the time for texts that are secrets from beginning to end', () => {
    const ours = streamingLogger();
    const pem = `-----BEGIN PRIVATE KEY-----\n${'M'.repeat(30_000)}`;
    ours.logger.log('m', { list: Array.from({ length: 1_000 }, () => pem) }, 'Ctx');
    expect((ours.record.extra['list'] as unknown[]).length).toBeLessThan(10);
    expect(ours.record.truncated).toBe(true);
  });

  it('has the censor of the option', () => {
    const ours = streamingLogger({ redact: { censor: '***' } });
    ours.logger.log('Bearer abc123', { password: 'p' }, 'Ctx');
    expect(ours.record).toMatchObject({ message: 'Bearer ***', extra: { password: '***' } });
  });
});

describe('the console', () => {
  it('gets every call as it was made', () => {
    const inner = { log: vi.fn(), error: vi.fn(), warn: vi.fn() };
    const ours = streamingLogger({ logger: inner });
    const params = { password: MARK };
    ours.logger.log(`Bearer ${MARK}`, params, 'Ctx');
    expect(inner.log).toHaveBeenCalledWith(`Bearer ${MARK}`, params, 'Ctx');
    expect(inner.log.mock.calls[0]![1]).toBe(params);
    expect(params).toEqual({ password: MARK });
  });
});

describe('the option `hash`', () => {
  const hashOf = (value: unknown, key = 'sixteen letters!', field = 'password'): unknown => {
    const ours = streamingLogger({ redact: { hash: { key } } });
    ours.logger.log('m', { deep: { [field]: value } }, 'Ctx');
    return (ours.record.extra['deep'] as Record<string, unknown>)[field];
  };

  it('puts a keyed hash in the place of a secret, the same for equal ones', () => {
    // printf hunter2 | openssl dgst -sha256 -hmac 'sixteen letters!'
    expect(hashOf(MARK)).toBe('[hmac:04d30b33a7be858a]');
    expect(hashOf(MARK, undefined, 'token')).toBe(hashOf(MARK));
    expect(hashOf(`${MARK}!`)).not.toBe(hashOf(MARK));
    expect(hashOf(MARK, 'another key, as long')).not.toBe(hashOf(MARK));
    expect(hashOf({ a: [1] })).toBe(hashOf({ a: [1] }));
    expect(hashOf(5)).toBe(hashOf('5'));
    expect(hashOf(null)).toMatch(/^\[hmac:[0-9a-f]{16}\]$/);
  });

  it('is the same for a card however it is written, and for a token wherever it stands', () => {
    const ours = streamingLogger({ redact: { hash: { key: 'sixteen letters!' } } });
    const [digits, grouped] = ['4111111111111111', '4111 1111 1111 1111'];
    ours.logger.log(
      `a ${digits}`,
      { text: `b ${grouped}`, number: Number(digits), card_number: digits },
      'Ctx',
    );
    const hash = hashOf(digits);
    expect(ours.record).toMatchObject({
      message: `a ${hash}`,
      extra: { text: `b ${hash}`, number: hash, card_number: hash },
    });
  });

  it('keeps a hash that came from elsewhere, and hashes in messages that are objects', () => {
    expect(hashOf('[hmac:0123456789abcdef]')).toBe('[hmac:0123456789abcdef]');
    const ours = streamingLogger({ redact: { hash: { key: 'sixteen letters!' } } });
    ours.logger.log({ password: MARK }, 'Ctx');
    expect(JSON.stringify(ours.wire)).toContain(hashOf(MARK));
  });

  it('shows no secret either', () => {
    fc.assert(
      fc.property(
        anyNesting,
        anySecretInText,
        fc.constantFrom(...Object.values(PLACES)),
        (nest, { text, core }, put) => {
          const all = seen((ours) => put(ours, nest({ text, password: MARK })), {
            redact: { hash: { key: 'k'.repeat(16) } },
          });
          expect(all).not.toContain(core);
          expect(all).not.toContain(MARK);
        },
      ),
    );
  });
});
