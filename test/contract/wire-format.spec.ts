import fc from 'fast-check';
import { Logger } from '@nestjs/common';
import { type LogStreamOptions } from 'nestjs-log-stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NEST_LOG_LEVELS } from '../../src/record/log-call.js';
import { monitoredApp } from '../harness/monitored-app.js';
import { restoreNestLogger } from '../unit/support/nest-logger-state.js';
import { streamingLogger } from '../unit/support/streaming-logger.js';

const NOW = Date.UTC(2025, 9, 8, 18, 30, 45, 123);
const AT = '"timestamp":"2025-10-08T18:30:45.123Z"';

/** The only message that a plain client gets for one log call. */
function wireOf(
  log: (ours: ReturnType<typeof streamingLogger>) => void,
  options: LogStreamOptions = { caller: 'never' },
): string {
  const ours = streamingLogger(options);
  log(ours);
  const [text, ...more] = ours.wire;
  expect(more).toEqual([]);
  return text!;
}

describe('the plain wire format, to the letter', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  });
  afterEach(() => vi.useRealTimers());

  it('of a system record is the example of the contract', () => {
    const text = wireOf(({ stream }) =>
      stream.publish({
        instance_id: 'abc123',
        line: 142,
        message: 'Instance spawned successfully',
        function: 'spawnInstance',
        level: 'INFO',
        module: 'server',
        logger: 'app.server',
        instance_name: 'main-orchestrator',
        timestamp: '2025-10-08T18:30:45.123Z',
      }),
    );
    expect(text).toBe(
      '{"type":"system_log","data":{"timestamp":"2025-10-08T18:30:45.123Z","level":"INFO",' +
        '"logger":"app.server","message":"Instance spawned successfully","module":"server",' +
        '"function":"spawnInstance","line":142,"instance_id":"abc123","instance_name":"main-orchestrator"}}',
    );
  });

  it('of an audit record is the example of the contract', () => {
    const text = wireOf(({ logger }) =>
      logger.log(
        'Instance main-orchestrator spawned',
        {
          instance_id: 'abc123',
          metadata: { instance_id: 'abc123', role: 'orchestrator' },
          event_type: 'spawn',
          action: 'instance_spawn',
        },
        'audit.instance',
      ),
    );
    expect(text).toBe(
      `{"type":"audit_log","data":{${AT},"level":"INFO","logger":"audit.instance",` +
        '"message":"Instance main-orchestrator spawned","action":"instance_spawn",' +
        '"metadata":{"instance_id":"abc123","role":"orchestrator"},"instance_id":"abc123","event_type":"spawn"}}',
    );
  });

  it('has the caller of a log call in module, function, line', () => {
    const text = wireOf(({ logger }) => logger.log('hello', { a: 1 }), {});
    expect(text).toMatch(
      /^\{"type":"system_log","data":\{"timestamp":"2025-10-08T18:30:45\.123Z","level":"INFO","logger":"root","message":"hello","module":"wire-format\.spec",("function":"[^"]+",)?"line":\d+,"a":1\}\}$/,
    );
  });

  it('has no caller in an audit record', () => {
    expect(wireOf(({ logger }) => logger.log('[AUDIT] x'), {})).toBe(
      `{"type":"audit_log","data":{${AT},"level":"INFO","logger":"root","message":"[AUDIT] x"}}`,
    );
  });

  it.each([
    ['verbose', 'DEBUG'],
    ['debug', 'DEBUG'],
    ['log', 'INFO'],
    ['warn', 'WARNING'],
    ['error', 'ERROR'],
    ['fatal', 'CRITICAL'],
  ] as const)('calls the level %s %s', (method, level) => {
    expect(wireOf(({ logger }) => logger[method]('x'))).toBe(
      `{"type":"system_log","data":{${AT},"level":"${level}","logger":"root","message":"x"}}`,
    );
  });

  describe('extra fields', () => {
    const fieldsOf = (params: object, logger = 'app'): string => {
      const text = wireOf((ours) => ours.logger.log('m', params, logger));
      const head = `"data":{${AT},"level":"INFO","logger":"${logger}","message":"m"`;
      expect(text).toContain(head);
      return text.slice(text.indexOf(head) + head.length, -2);
    };

    it.each<[string, object, string]>([
      ['in the order in which they were passed', { b: 1, a: 2 }, ',"b":1,"a":2'],
      ['after the named ones, also when their names are numbers', { 404: 1 }, ',"404":1'],
      [
        'with numbers as names before the others, as JavaScript orders them',
        { b: 1, 404: 1 },
        ',"404":1,"b":1',
      ],
      ['left out when undefined', { a: undefined, b: null }, ',"b":null'],
      [
        'under another name when the name is the record’s own',
        { timestamp: 1, level: 2, logger: 3, message: 4 },
        ',"extra_timestamp":1,"extra_level":2,"extra_logger":3,"extra_message":4',
      ],
      [
        'under another name when the name is the caller’s, though it is not known',
        { module: 1, function: 2, line: 3 },
        ',"extra_module":1,"extra_function":2,"extra_line":3',
      ],
      [
        'both, when both are passed',
        { extra_module: 1, module: 2 },
        ',"extra_module":1,"extra_extra_module":2',
      ],
      [
        'both, in the other order',
        { module: 2, extra_module: 1 },
        ',"extra_module":2,"extra_extra_module":1',
      ],
      ['that say they are cut, under another name', { truncated: 'no' }, ',"extra_truncated":"no"'],
      [
        'named as the fields of an audit record',
        { action: 'a', metadata: {} },
        ',"action":"a","metadata":{}',
      ],
      ['named `error`, when the record has no error', { error: 'late' }, ',"error":"late"'],
      ['named `toJSON`', { toJSON: 'x' }, ',"toJSON":"x"'],
      ['without a flag that is not true', { is_audit: 'yes', x: 1 }, ',"x":1'],
      ['without a flag that is false', { is_audit: false, x: 1 }, ',"x":1'],
      ['without a flag that is null', { is_audit: null, x: 1 }, ',"x":1'],
      [
        'with any values',
        { s: 'é"\n', n: 1.5, t: true, o: { l: [1] } },
        ',"s":"é\\"\\n","n":1.5,"t":true,"o":{"l":[1]}',
      ],
    ])('come %s', (_how, params, expected) => {
      expect(fieldsOf(params)).toBe(expected);
    });

    it.each<[string, object, string]>([
      [
        'action and metadata first',
        { x: 1, metadata: [1], action: 'go' },
        ',"action":"go","metadata":[1],"x":1',
      ],
      ['action alone', { action: 'go' }, ',"action":"go"'],
      ['metadata of any kind', { metadata: 5 }, ',"metadata":5'],
      ['no action that is undefined', { action: undefined, metadata: null }, ',"metadata":null'],
      [
        'a caller’s fields under their own names, for an audit record has no caller',
        { module: 'm', function: 'f', line: 1 },
        ',"module":"m","function":"f","line":1',
      ],
      ['no flag that did its work', { is_audit: true, x: 1 }, ',"x":1'],
      ['no flag that is not true either', { is_audit: 1, x: 1 }, ',"x":1'],
      [
        'reserved names under others, also those that a plain client is not sent',
        { id: 1, origin: 2, message: 3 },
        ',"extra_id":1,"extra_origin":2,"extra_message":3',
      ],
    ])('of an audit record: %s', (_what, params, expected) => {
      expect(fieldsOf(params, 'audit.x')).toBe(expected);
    });

    it('have a field __proto__ where one is published', () => {
      const text = wireOf(({ stream }) =>
        stream.publish(
          JSON.parse('{"message":"m","__proto__":{"is_audit":true},"a":1}') as { message: string },
        ),
      );
      expect(text).toBe(
        `{"type":"system_log","data":{${AT},"level":"INFO","logger":"root","message":"m",` +
          '"__proto__":{"is_audit":true},"a":1}}',
      );
    });

    it('keep the error and the field of that name apart', () => {
      const error = Object.assign(new Error('broken'), { stack: 'Error: broken\n    at x' });
      const text = wireOf(({ logger }) => logger.error('m', { error: 'mine' }, error, 'app'));
      expect(text).toBe(
        `{"type":"system_log","data":{${AT},"level":"ERROR","logger":"app","message":"m","extra_error":"mine",` +
          '"error":{"name":"Error","message":"broken","stack":"Error: broken\\n    at x"}}}',
      );
    });

    it('end with error, then truncated', () => {
      const text = wireOf(({ logger }) =>
        logger.error(
          'm',
          { long: 'x'.repeat(40_000), truncated: 'mine' },
          Object.assign(new Error('e'), { stack: '' }),
        ),
      );
      expect(text).toMatch(
        /"extra_truncated":"mine","error":\{"name":"Error","message":"e"\},"truncated":true\}\}$/,
      );
      expect(text.match(/"truncated"/g)).toHaveLength(1);
    });
  });

  describe('fields of the option `context`', () => {
    const fieldsOf = (context: LogStreamOptions['context'], params: object, logger = 'app'): string =>
      wireOf((ours) => ours.logger.log('m', params, logger), { caller: 'never', context }).replace(
        `{${AT},"level":"INFO","logger":"${logger}","message":"m"`,
        '',
      );

    it('come after those of the call, which win', () => {
      expect(fieldsOf(() => ({ tenant: 't', a: 'context' }), { a: 'call', b: 1 })).toBe(
        '{"type":"system_log","data":,"a":"call","b":1,"tenant":"t"}}',
      );
    });

    it('come as extra_<name> when the name is the record’s own, beside one that is called so', () => {
      expect(fieldsOf(() => ({ module: 'context' }), { extra_module: 'call' })).toBe(
        '{"type":"system_log","data":,"extra_module":"call","extra_extra_module":"context"}}',
      );
    });

    it('are not lost in an audit record', () => {
      expect(
        fieldsOf(() => ({ metadata: { tenant: 't' }, request_id: 7 }), { action: 'go' }, 'audit.x'),
      ).toBe('{"type":"audit_log","data":,"action":"go","metadata":{"tenant":"t"},"request_id":7}}');
    });

    it('make an audit record like the extra fields that they are', () => {
      expect(fieldsOf(() => ({ is_audit: true }), {})).toBe('{"type":"audit_log","data":}}');
    });
  });

  it('is one valid JSON object whose named keys come first and once, for any extra fields', () => {
    const names = [
      'timestamp',
      'level',
      'logger',
      'message',
      'module',
      'function',
      'line',
      'action',
      'metadata',
    ];
    const key = fc.oneof(
      fc.constantFrom(
        ...names,
        'is_audit',
        'error',
        'truncated',
        'extra_module',
        'id',
        '0',
        '__proto__',
        'toString',
      ),
      fc.string({ maxLength: 5 }),
    );
    const fields = fc.dictionary(key, fc.oneof(fc.jsonValue(), fc.constant(true)), { maxKeys: 8 });
    fc.assert(
      fc.property(fields, fc.constantFrom('app', 'audit.x'), (extra, logger) => {
        const text = wireOf(({ stream }) =>
          stream.publish({ ...extra, message: 'm', logger } as { message: string }),
        );
        const keys = topLevelKeys(text);
        const audit = text.startsWith('{"type":"audit_log"');
        expect(keys.slice(0, 4)).toEqual(['timestamp', 'level', 'logger', 'message']);
        expect(new Set(keys).size).toBe(keys.length);
        expect(keys).not.toContain('is_audit');
        const own = (audit ? ['action', 'metadata'] : ['module', 'function', 'line']).filter((k) =>
          keys.includes(k),
        );
        expect(keys.slice(4, 4 + own.length)).toEqual(own);
        expect(audit).toBe(
          logger === 'audit.x' || (Object.hasOwn(extra, 'is_audit') && extra['is_audit'] === true),
        );
      }),
    );
  });

  /** The keys of `data` as they stand in the text, which an object would put in an order of its own. */
  function topLevelKeys(text: string): string[] {
    const keys: string[] = [];
    let depth = 0;
    for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"(?::)?|[{}[\]]/g)) {
      if (token === '{' || token === '[') depth += 1;
      else if (token === '}' || token === ']') depth -= 1;
      else if (token.endsWith(':') && depth === 2) keys.push(JSON.parse(token.slice(0, -1)) as string);
    }
    return keys;
  }
});

describe('the plain wire format, on a socket', () => {
  restoreNestLogger();

  it('is what arrives, byte for byte, one record per text frame', async () => {
    await using app = await monitoredApp({ logger: false, caller: 'never' }).start();
    await using client = await app.watch();
    const before = app.stream.history.end;
    const logger = new Logger('app');
    for (const level of NEST_LOG_LEVELS) logger[level](`at ${level}`, { 404: 1, module: 'x' });
    new Logger('audit.x').warn('done', { action: 'go', is_audit: true });
    await client.count(NEST_LOG_LEVELS.length + 1);
    const time = (seq: number): string => app.stream.history.at(seq)!.timestamp;
    expect(client.texts).toEqual([
      ...NEST_LOG_LEVELS.map(
        (level, index) =>
          `{"type":"system_log","data":{"timestamp":"${time(before + index)}","level":"${
            {
              log: 'INFO',
              error: 'ERROR',
              warn: 'WARNING',
              debug: 'DEBUG',
              verbose: 'DEBUG',
              fatal: 'CRITICAL',
            }[level]
          }","logger":"app","message":"at ${level}","404":1,"extra_module":"x"}}`,
      ),
      `{"type":"audit_log","data":{"timestamp":"${time(before + NEST_LOG_LEVELS.length)}","level":"WARNING",` +
        '"logger":"audit.x","message":"done","action":"go"}}',
    ]);
  });
});
