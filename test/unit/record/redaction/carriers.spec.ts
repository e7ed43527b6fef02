import fc from 'fast-check';
import { type LogRecord } from 'nestjs-log-stream';
import { describe, expect, it } from 'vitest';
import { auditLog } from '../../../../src/audit/audit-log.js';
import { anyCarried, CARRIERS, HEADER_CARRIERS } from '../../support/carriers.js';
import { anyNesting } from '../../support/secrets.js';
import { type StreamingLogger, streamingLogger } from '../../support/streaming-logger.js';
import { runs } from '../../../harness/property-runs.js';

const X = '[REDACTED]';

/** All that anybody can see of what was logged: the wire, the history, what observers got. */
function seen(log: (ours: StreamingLogger) => void): string {
  const ours = streamingLogger({ caller: 'never' });
  const observed: LogRecord[] = [];
  ours.stream.records$.subscribe((record) => observed.push(record));
  log(ours);
  expect(ours.logger.failures).toEqual({ inner: 0, stream: 0 });
  expect(ours.wire.length).toBeGreaterThan(0);
  return [ours.wire, ours.records, observed].map((part) => JSON.stringify(part)).join('\n');
}

const isFields = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

const PLACES: Record<string, (ours: StreamingLogger, value: unknown) => void> = {
  'as a message': ({ logger }, value) => logger.log(value, 'Ctx'),
  'in a message': ({ logger }, value) => logger.log([value], 'Ctx'),
  'in params': ({ logger }, value) => logger.log('m', { value }, 'Ctx'),
  'as params': ({ logger }, value) => logger.log('m', isFields(value) ? value : { value }, 'Ctx'),
  'in metadata': ({ logger }, value) =>
    void auditLog(logger as never, 'm', { action: 'a' as never, metadata: { value }, more: value }),
  'as a cause': ({ logger }, value) => logger.error(new Error('e', { cause: value }), 'Ctx'),
  'in a published record': ({ stream }, value) => void stream.publish({ message: 'm', value }),
};

describe.each(Object.entries({ ...CARRIERS, ...HEADER_CARRIERS }))('a secret in %s', (_carrier, carry) => {
  it.each(Object.entries(PLACES))('%s is seen nowhere', (_place, put) => {
    expect(seen((ours) => put(ours, carry('Cookie', '7hunter2')))).not.toContain('7hunter2');
  });
});

describe('a secret beside its name', () => {
  it.each(Object.entries(PLACES))('at any depth, %s, is seen nowhere', (_place, put) => {
    fc.assert(
      fc.property(anyNesting, anyCarried, (nest, { value, core }) => {
        expect(seen((ours) => put(ours, nest(value)))).not.toContain(core);
      }),
      { numRuns: runs(100) },
    );
  });
});

/** The extra fields of a call with these params. */
function fieldsOf(params: object): unknown {
  const ours = streamingLogger();
  ours.logger.log('m', params, 'app');
  return ours.record.extra;
}

/** The message that a value is printed as. */
function messageOf(value: unknown): string {
  const ours = streamingLogger();
  ours.logger.log(value, 'app');
  return ours.record.message;
}

describe('what is beside a secret is seen', () => {
  it('in lists of headers, whose own data fields have', () => {
    const headers = new Headers([['Accept', '*/*'], ['Cookie', 'a=b']]); // prettier-ignore
    const search = new URLSearchParams('a=1&a=2&token=t');
    const form = new FormData();
    form.append('name', 'bob');
    form.append('file', new Blob(['x']), 'a.txt');
    expect(fieldsOf({ headers, search, form })).toEqual({
      headers: { accept: '*/*', cookie: X },
      search: { a: ['1', '2'], token: X },
      form: { name: 'bob', file: '[File]' },
    });
    expect(messageOf({ headers })).toContain("'accept' => '*/*'");
  });

  it('in an address', () => {
    const url = new URL('https://u:p@example.com/a?page=2&token=t');
    expect(fieldsOf({ url })).toEqual({ url: `https://${X}@example.com/a?page=2&token=${X}` });
    expect(messageOf({ url })).toContain(`https://${X}@example.com/a?page=2&token=${X}`);
  });

  it('in lists', () => {
    expect(fieldsOf({ rawHeaders: ['Host', 'x', 'Cookie', 'a=b'] })).toEqual({ rawHeaders: ['Host', 'x', 'Cookie', X] });
    expect(fieldsOf({ names: ['password', 'token'], odd: ['id', 'token', 'name'] })).toEqual({
      names: ['password', 'token'],
      odd: ['id', 'token', 'name'],
    });
    expect(fieldsOf({ header: { name: 'Accept', value: '*/*' }, name: 'Cookie', value: 'a=b' })).toEqual({
      header: { name: 'Accept', value: '*/*' },
      name: 'Cookie',
      value: X,
    });
  }); // prettier-ignore

  it('in JSON, which stays JSON', () => {
    const data = JSON.stringify({
      user: 'bob',
      pin: 1234,
      credentials: { a: ['}'] },
      list: [{ token: 'a"b' }],
    });
    const ours = fieldsOf({ data }) as { data: string };
    expect(JSON.parse(ours.data)).toEqual({ user: 'bob', pin: X, credentials: X, list: [{ token: X }] });
  });

  it('in what is no field: an own property leaves the rest as it is printed', () => {
    const list = Object.assign(['a'], { password: 'p' });
    const date = Object.assign(new Date(0), { password: 'p' });
    const call = Object.assign(function send() {}, { password: 'p', retries: 3 });
    expect(messageOf({ list })).toMatch(/\[\s+'a',\s+password: '\[REDACTED\]'\s+\]/);
    expect(messageOf({ date })).toContain('1970-01-01T00:00:00.000Z');
    expect(messageOf({ call })).toMatch(
      /\[Function: send\] \{\s+password: '\[REDACTED\]',\s+retries: 3\s+\}/,
    );
  });
});
