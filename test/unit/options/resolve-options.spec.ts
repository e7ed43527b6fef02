import { ConsoleLogger } from '@nestjs/common';
import { type LogStreamOptions } from 'nestjs-log-stream';
import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { mustBeObject, mustBeOneOf } from '../../../src/wire/filter/filter.messages.js';
import { LOG_LEVELS } from '../../../src/wire/level.js';
import {
  alertNamedTwice,
  badFilter,
  mustBe,
  optionsMustBeObject,
  pathsCollide,
  secretMustBe,
  unknownOption,
} from '../../../src/options/options.messages.js';
import { resolveOptions } from '../../../src/options/resolve-options.js';

const KNOWN = [
  'path',
  'stream',
  'dashboard',
  'monitor',
  'logger',
  'caller',
  'instance',
  'history',
  'flush',
  'compression',
  'context',
  'story',
  'requests',
  'authorize',
  'allowedOrigins',
  'limits',
  'redact',
  'alerts',
  'trail',
  'isGlobal',
];
const REDACT = ['keys', 'defaults', 'patterns', 'censor', 'hash'];
const PATH = "a path with a leading slash and without query, as '/ws/monitor'";
const DASHBOARD_PATH = "a path of letters, digits and -._~, as '/monitor'";
const STREAM_PATH = "a path of letters, digits and -._~, as '/monitor/stream'";
const LOGGER = 'a Nest LoggerService (with log, error and warn) or false';
const ORIGINS = "origins as 'https://ops.example.com'";
const between = (min: number, max: number): string => `a whole number from ${min} to ${max}`;

const LIMITS = {
  clients: 5_000,
  clientsPerAddress: 2_000,
  messageBytes: 65_536,
  messages: { count: 50, windowMs: 10_000 },
  authorizeMs: 10_000,
  stallMs: 30_000,
  readings: { count: 120, windowMs: 60_000 },
};

const text = Symbol('text');
const log = (): void => {};

const ALERT = { name: 'errors', filter: { level: 'ERROR' }, to: log } as const;
const ALERTS = 'an array of at most 50 alerts';
const DAY = 86_400_000;

/** Every way to be wrong, and the sentence that says so. */
const WRONG: [option: string, value: unknown, sentence: string][] = [
  ...[null, 5, '', 'ws', ' /ws', '/ws?x=1', '/ws#x', '/w s', {}, text].map(
    (value): [string, unknown, string] => ['path', value, mustBe('path', PATH, value)],
  ),
  ...[null, 5, '/monitor/stream', []].map((value): [string, unknown, string] => [
    'stream',
    value,
    mustBe('stream', 'an object with path', value),
  ]),
  ...[null, 5, '', '/', 'stream', '/a b', '/a?b', '/:id', '/a*', '/a/', '//a', '/{a}', '/(a)'].map(
    (path): [string, unknown, string] => ['stream', { path }, mustBe('stream.path', STREAM_PATH, path)],
  ),
  ['stream', { paths: '/a' }, unknownOption('stream.paths', ['path'])],
  ...[null, 5, '/monitor', []].map((value): [string, unknown, string] => [
    'dashboard',
    value,
    mustBe('dashboard', 'an object with path', value),
  ]),
  ...[null, 5, '', '/', 'monitor', '/a b', '/a?b', '/:id', '/a*', '/a/', '//a'].map(
    (path): [string, unknown, string] => [
      'dashboard',
      { path },
      mustBe('dashboard.path', DASHBOARD_PATH, path),
    ],
  ),
  ['dashboard', { paths: '/a' }, unknownOption('dashboard.paths', ['path'])],
  ...[null, {}, 'errors', Array.from({ length: 51 }, () => ALERT)].map((value): [string, unknown, string] => [
    'alerts',
    value,
    mustBe('alerts', ALERTS, value),
  ]),
  ...[undefined, null, '', ' ', 5, 'x'.repeat(101)].map((name): [string, unknown, string] => [
    'alerts',
    [{ ...ALERT, name }],
    mustBe('alerts[0].name', 'a text of 1 to 100 characters', name),
  ]),
  ['alerts', [ALERT, { ...ALERT }], alertNamedTwice('alerts[1].name', 'errors')],
  ['alerts', [{ ...ALERT, to: 'mail' }], mustBe('alerts[0].to', 'a function', 'mail')],
  ['alerts', [{ ...ALERT, to: undefined }], mustBe('alerts[0].to', 'a function', undefined)],
  ...[0, 10_001, 1.5, '3', null].map((count): [string, unknown, string] => [
    'alerts',
    [{ ...ALERT, count }],
    mustBe('alerts[0].count', between(1, 10_000), count),
  ]),
  ['alerts', [{ ...ALERT, withinMs: 0 }], mustBe('alerts[0].withinMs', between(1, DAY), 0)],
  ['alerts', [{ ...ALERT, everyMs: -1 }], mustBe('alerts[0].everyMs', between(0, DAY), -1)],
  [
    'alerts',
    [{ ...ALERT, every: 1 }],
    unknownOption('alerts[0].every', ['name', 'filter', 'count', 'withinMs', 'everyMs', 'to']),
  ],
  ['alerts', [{ ...ALERT, filter: undefined }], badFilter(`alerts[0].filter ${mustBeObject}.`)],
  [
    'alerts',
    [{ ...ALERT, filter: { level: 'LOUD' } }],
    badFilter(`alerts[0].filter.level ${mustBeOneOf(LOG_LEVELS)}.`),
  ],
  ...[
    null,
    true,
    'console',
    [],
    {},
    log,
    ConsoleLogger,
    { log, error: log },
    { log, error: log, warn: 1 },
  ].map((value): [string, unknown, string] => ['logger', value, mustBe('logger', LOGGER, value)]),
  ...[null, '', 'Always', true, [], 'sometimes'].map((value): [string, unknown, string] => [
    'caller',
    value,
    mustBe('caller', "one of 'budget', 'always', 'watched', 'never'", value),
  ]),
  ...[null, '', '  ', 7, {}].map((value): [string, unknown, string] => [
    'instance',
    value,
    mustBe('instance', 'a text that is not empty', value),
  ]),
  ...[null, true, 100, 'all', []].map((value): [string, unknown, string] => [
    'history',
    value,
    mustBe('history', 'an object with records, bytes', value),
  ]),
  ...[null, 0, -1, 1.5, '10', Number.NaN, Number.POSITIVE_INFINITY, 10_000_001, 10n].map(
    (value): [string, unknown, string] => [
      'history',
      { records: value },
      mustBe('history.records', between(1, 10_000_000), value),
    ],
  ),
  ...[null, 1_023, 1024.5, '16 MiB', 2 ** 40 + 1].map((value): [string, unknown, string] => [
    'history',
    { bytes: value },
    mustBe('history.bytes', between(1_024, 2 ** 40), value),
  ]),
  ['history', { record: 5 }, unknownOption('history.record', ['records', 'bytes'])],
  ...[null, false, 20, 'fast', []].map((value): [string, unknown, string] => [
    'flush',
    value,
    mustBe('flush', 'an object with windowMs, records, bytes', value),
  ]),
  ...[null, -1, 0.5, 1_001, '20'].map((value): [string, unknown, string] => [
    'flush',
    { windowMs: value },
    mustBe('flush.windowMs', between(0, 1_000), value),
  ]),
  ['flush', { records: 0 }, mustBe('flush.records', between(1, 100_000), 0)],
  ['flush', { records: 100_001 }, mustBe('flush.records', between(1, 100_000), 100_001)],
  ['flush', { bytes: 1_023 }, mustBe('flush.bytes', between(1_024, 16_777_216), 1_023)],
  ['flush', { bytes: 16_777_217 }, mustBe('flush.bytes', between(1_024, 16_777_216), 16_777_217)],
  ['compression', 'gzip', mustBe('compression', 'true or false', 'gzip')],
  ['flush', { window: 5 }, unknownOption('flush.window', ['windowMs', 'records', 'bytes'])],
  ...[null, {}, 'fields', true].map((value): [string, unknown, string] => [
    'context',
    value,
    mustBe('context', 'a function', value),
  ]),
  ...[null, {}, 'anybody', true].map((value): [string, unknown, string] => [
    'authorize',
    value,
    mustBe('authorize', 'a function', value),
  ]),
  ...[null, 'https://ops.example.com', {}, true].map((value): [string, unknown, string] => [
    'allowedOrigins',
    value,
    mustBe('allowedOrigins', 'an array of origins', value),
  ]),
  ...[
    null,
    '*',
    '',
    'null',
    'ops.example.com',
    'https://ops.example.com/path',
    'https://ops.example.com//',
    'https://ops.example.com:443',
    'https://user@ops.example.com',
    'https://*.example.com',
    'file:///x',
    new URL('https://ops.example.com'),
    text,
    5,
  ].map((value): [string, unknown, string] => [
    'allowedOrigins',
    ['https://fine.example.com', value],
    mustBe('allowedOrigins', ORIGINS, value),
  ]),
  ...[null, false, 100, []].map((value): [string, unknown, string] => [
    'limits',
    value,
    mustBe(
      'limits',
      'an object with clients, clientsPerAddress, messageBytes, messages, authorizeMs, stallMs, readings',
      value,
    ),
  ]),
  ...[null, 0, 1.5, '10', 1_000_001].flatMap((value): [string, unknown, string][] => [
    ['limits', { clients: value }, mustBe('limits.clients', between(1, 1_000_000), value)],
    [
      'limits',
      { clientsPerAddress: value },
      mustBe('limits.clientsPerAddress', between(1, 1_000_000), value),
    ],
    ['limits', { messages: { count: value } }, mustBe('limits.messages.count', between(1, 1_000_000), value)],
  ]),
  ['limits', { messageBytes: 1_023 }, mustBe('limits.messageBytes', between(1_024, 1_048_576), 1_023)],
  ['limits', { authorizeMs: 99 }, mustBe('limits.authorizeMs', between(100, 600_000), 99)],
  ['limits', { stallMs: 999 }, mustBe('limits.stallMs', between(1_000, 3_600_000), 999)],
  ['limits', { messages: 5 }, mustBe('limits.messages', 'an object with count, windowMs', 5)],
  ['limits', { messages: { windowMs: 99 } }, mustBe('limits.messages.windowMs', between(100, 3_600_000), 99)],
  ['limits', { messages: { ms: 5 } }, unknownOption('limits.messages.ms', ['count', 'windowMs'])],
  ...[null, true, 'password', ['password']].map((value): [string, unknown, string] => [
    'redact',
    value,
    mustBe('redact', 'an object with keys, defaults, patterns, censor, hash', value),
  ]),
  ...[null, 'password', {}, true].map((value): [string, unknown, string] => [
    'redact',
    { keys: value },
    mustBe('redact.keys', 'an array of names', value),
  ]),
  ...[null, 5, '', ' ', '.', ' . ', ['a'], /pass/].map((value): [string, unknown, string] => [
    'redact',
    { keys: ['fine', value] },
    mustBe('redact.keys', "names or dotted paths, as 'user.email'", value),
  ]),
  ['redact', { defaults: 'no' }, mustBe('redact.defaults', 'true or false', 'no')],
  ['redact', { patterns: null }, mustBe('redact.patterns', 'true or false', null)],
  ...[null, 5, 'x'.repeat(65)].map((value): [string, unknown, string] => [
    'redact',
    { censor: value },
    mustBe('redact.censor', 'a text of at most 64 characters', value),
  ]),
  ...[null, true, 'a key of a fine length'].map((value): [string, unknown, string] => [
    'redact',
    { hash: value },
    mustBe('redact.hash', 'an object with key', value),
  ]),
  ...[undefined, null, 5, '', 'fifteen letters'].map((value): [string, unknown, string] => [
    'redact',
    { hash: { key: value } },
    secretMustBe('redact.hash.key', 'a text of at least 16 characters', value),
  ]),
  ['redact', { key: 'password' }, unknownOption('redact.key', REDACT)],
  ['redact', { hash: { secret: 'x' } }, unknownOption('redact.hash.secret', ['key'])],
  ['story', 1, mustBe('story', 'true or false', 1)],
  ['requests', 'all', mustBe('requests', 'an object with query, skip', 'all')],
  ['requests', { query: 1 }, mustBe('requests.query', 'true or false', 1)],
  ['requests', { skip: '/health' }, mustBe('requests.skip', 'a function', '/health')],
  ['requests', { path: true }, unknownOption('requests.path', ['query', 'skip'])],
  ['pth', '/ws', unknownOption('pth', KNOWN)],
  ['Path', '/ws', unknownOption('Path', KNOWN)],
  ['pth', null, unknownOption('pth', KNOWN)],
];

describe('a wrong option', () => {
  it.each(WRONG)('%s: %o fails with a sentence that says what to change', (option, value, sentence) => {
    expect(() => resolveOptions({ [option]: value })).toThrow(new TypeError(sentence));
  });

  it.each([null, [], [{}], 'path', 5, true, () => ({}), Symbol('options')])(
    'set as a whole: %o fails',
    (options) => {
      expect(() => resolveOptions(options as LogStreamOptions)).toThrow(
        new TypeError(optionsMustBeObject(options)),
      );
    },
  );

  it('that is a secret is not told in the sentence, which ends in a log', () => {
    expect(secretMustBe('redact.hash.key', 'a long text', 'hunter2')).toBe(
      'LogStreamModule option `redact.hash.key` must be a long text, but is a text of 7 characters.',
    );
    expect(secretMustBe('redact.hash.key', 'a long text', null)).toContain('but is null.');
  });

  it('is named in the sentence, with what was found', () => {
    expect(mustBe('path', 'a path', 'ws')).toBe("LogStreamModule option `path` must be a path, but is 'ws'.");
    expect(mustBe('path', 'a path', [])).toContain('but is an array.');
    expect(mustBe('path', 'a path', {})).toContain('but is an object.');
    expect(mustBe('path', 'a path', Object.create(null))).toContain('but is an object.');
    expect(mustBe('path', 'a path', () => 1)).toContain('but is a function.');
    expect(mustBe('path', 'a path', null)).toContain('but is null.');
    expect(mustBe('path', 'a path', Symbol('s'))).toContain('but is Symbol(s).');
    expect(unknownOption('pth', ['path', 'logger'])).toBe(
      'LogStreamModule option `pth` does not exist. Known options: path, logger.',
    );
  });
});

describe('the path of the dashboard', () => {
  it.each<[LogStreamOptions, string]>([
    [{ path: '/monitor' }, pathsCollide('dashboard.path', '/monitor', 'path', '/monitor')],
    [{ path: '/monitor/' }, pathsCollide('dashboard.path', '/monitor', 'path', '/monitor')],
    [{ stream: { path: '/monitor' } }, pathsCollide('dashboard.path', '/monitor', 'stream.path', '/monitor')],
    [
      { dashboard: { path: '/ops' }, stream: { path: '/ops/assets/stream' } },
      pathsCollide('dashboard.path', '/ops', 'stream.path', '/ops/assets/stream'),
    ],
    [
      { dashboard: { path: '/monitor/stream' } },
      pathsCollide('dashboard.path', '/monitor/stream', 'stream.path', '/monitor/stream'),
    ],
  ])('must be its own: %o', (options, sentence) => {
    expect(() => resolveOptions(options)).toThrow(new TypeError(sentence));
  });

  it.each<LogStreamOptions>([
    { path: '/monitor', dashboard: false },
    { path: '/monitor/ws' },
    { stream: false, dashboard: { path: '/monitor/stream' } },
    { dashboard: { path: '/m' }, stream: { path: '/m/assets.d' } },
  ])('may be near others: %o', (options) => {
    expect(() => resolveOptions(options)).not.toThrow();
  });

  it('is named with the other one in the sentence', () => {
    expect(pathsCollide('dashboard.path', '/a', 'path', '/a')).toBe(
      "LogStreamModule option `dashboard.path` is '/a', where option `path` ('/a') is served already. " +
        'Give one of them another path.',
    );
  });
});

describe('resolveOptions', () => {
  it.each([undefined, {}, { path: undefined, history: undefined, logger: undefined, unknown: undefined }])(
    'fills in the defaults that the documentation names, for %o',
    (options) => {
      expect(resolveOptions(options)).toEqual({
        path: '/ws/monitor',
        stream: { path: '/monitor/stream' },
        dashboard: { path: '/monitor' },
        logger: undefined,
        caller: 'budget',
        instance: `${hostname()}:${process.pid}`,
        history: { records: 10_000, bytes: 16_777_216 },
        flush: { windowMs: 20, records: 256, bytes: 65_536 },
        compression: false,
        context: undefined,
        story: false,
        requests: false,
        authorize: undefined,
        allowedOrigins: [],
        limits: LIMITS,
        redact: { keys: [], defaults: true, patterns: true, censor: '[REDACTED]', hash: undefined },
        alerts: [],
      });
    },
  );

  it('fills in what is missing in a group', () => {
    const { history, flush } = resolveOptions({
      history: { records: 5, bytes: undefined },
      flush: { windowMs: 0 },
    });
    expect(history).toEqual({ records: 5, bytes: 16_777_216 });
    expect(flush).toEqual({ windowMs: 0, records: 256, bytes: 65_536 });
  });

  it('keeps what is given', () => {
    const logger = { log, error: log, warn: log };
    const given: LogStreamOptions = {
      path: '/logs',
      stream: { path: '/logs.stream' },
      dashboard: { path: '/ops/logs' },
      logger,
      caller: 'never',
      instance: 'one',
      history: false,
      flush: { windowMs: 1_000, records: 1, bytes: 1_024 },
      compression: true,
      context: () => ({}),
      story: false,
      requests: { query: true, skip: () => true },
      authorize: () => true,
      allowedOrigins: ['https://ops.example.com', 'http://localhost:4200'],
      limits: {
        clients: 1,
        clientsPerAddress: 2,
        messageBytes: 1_024,
        messages: { count: 3, windowMs: 100 },
        authorizeMs: 100,
        stallMs: 1_000,
        readings: { count: 1, windowMs: 100 },
      },
      redact: {
        keys: ['user.email'],
        defaults: false,
        patterns: false,
        censor: '***',
        hash: { key: 'sixteen letters!' },
      },
      alerts: [{ ...ALERT, count: 3, withinMs: 10, everyMs: 0 }],
    };
    const resolved = resolveOptions(given);
    expect(resolved).toEqual(given);
    expect(resolved.logger).toBe(logger);
    expect(resolved.context).toBe(given.context);
  });

  it.each([
    ['/', '/'],
    ['//', '/'],
    ['/ws', '/ws'],
    ['/ws/', '/ws'],
    ['/ws//', '/ws'],
    ['/a/b-c_d.e~f', '/a/b-c_d.e~f'],
  ])('takes the path %s as %s', (given, path) => {
    expect(resolveOptions({ path: given }).path).toBe(path);
  });

  it.each([
    ['https://ops.example.com/', 'https://ops.example.com'],
    ['HTTPS://Ops.Example.COM', 'https://ops.example.com'],
    ['http://[::1]:4200', 'http://[::1]:4200'],
  ])('takes the origin %s as %s', (given, origin) => {
    expect(resolveOptions({ allowedOrigins: [given] }).allowedOrigins).toEqual([origin]);
  });

  it('changes nothing in the caller’s object, and later changes to it have no effect', () => {
    const given = {
      path: '/logs/',
      history: { records: 5 },
      flush: { windowMs: 5 },
      allowedOrigins: ['https://ops.example.com/'],
    };
    const before = structuredClone(given);
    const resolved = resolveOptions(given);
    const kept = structuredClone({ ...resolved, logger: undefined });
    expect(given).toEqual(before);
    given.path = '/other';
    given.history.records = 1;
    given.flush.windowMs = 1;
    given.allowedOrigins.push('https://evil.example.com');
    expect({ ...resolved, logger: undefined }).toEqual(kept);
  });

  it('takes `redact: false` for nothing, and copies and freezes what else is given there', () => {
    expect(resolveOptions({ redact: false }).redact).toBe(false);
    const given = { keys: ['a'], hash: { key: 'sixteen letters!' } };
    const { redact } = resolveOptions({ redact: given });
    given.keys.push('b');
    given.hash.key = 'other';
    expect(redact).toMatchObject({ keys: ['a'], hash: { key: 'sixteen letters!' } });
    if (redact === false) throw new Error('expected an object');
    for (const part of [redact, redact.keys, redact.hash]) expect(Object.isFrozen(part)).toBe(true);
  });

  it('takes an object that is frozen, and returns one that is', () => {
    const given = Object.freeze({
      history: Object.freeze({ records: 5 }),
      allowedOrigins: Object.freeze([]),
    });
    const resolved = resolveOptions(given);
    for (const part of [
      resolved,
      resolved.history,
      resolved.flush,
      resolved.allowedOrigins,
      resolved.limits,
      resolved.limits.messages,
    ]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it('does not freeze the inner logger, which is not ours', () => {
    const logger = { log, error: log, warn: log };
    expect(Object.isFrozen(resolveOptions({ logger }).logger)).toBe(false);
  });

  it('leaves the app its own logger where none is named', () => {
    expect(resolveOptions().logger).toBeUndefined();
    expect(resolveOptions({ logger: false }).logger).toBe(false);
  });
});
