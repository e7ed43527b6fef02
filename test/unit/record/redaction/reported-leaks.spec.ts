import { execFile } from 'node:child_process';
import { IncomingMessage, request as requestOf } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { streamingLogger } from '../../support/streaming-logger.js';

const MARK = '7hunter2';

/** An error as axios makes it: the configuration, the request that was sent and the answer hang on it. */
function clientError(): Error {
  const headers = { authorization: `Basic ${MARK}` };
  const request = requestOf({ headers, createConnection: () => new Socket() });
  request.on('error', () => {}).destroy();
  const response = { status: 403, headers: { 'set-cookie': [`sid=${MARK}`] }, request };
  const config = { headers: { Authorization: `Bearer ${MARK}` }, auth: { username: 'u', password: MARK } };
  return Object.assign(new Error('Request failed with status code 403'), { config, request, response });
}

class QueryBuilder {
  readonly client = { connectionSettings: { password: MARK }, config: { connection: `postgres://u:${MARK}@h/d` } };
  then(): void {}
} // prettier-ignore

class ValidationError {
  readonly target = { email: 'bob@example.com', password: MARK };
  readonly property = 'password';
  readonly value = MARK;
  readonly constraints = { minLength: 'password must be longer than or equal to 12 characters' };
}

function circular(): object {
  const error = Object.assign(new Error('e'), { apiKey: MARK, self: {} });
  error.self = { error };
  return error;
}

/** Leaks that users of other loggers, scrubbers and clients have reported. */
const REPORTED: Record<string, () => unknown> = {
  'a key below the levels that wildcards reach': () => ({ a: { b: { c: { d: { token: MARK } } } } }),
  'a key in lists in lists': () => ({ cards: [{ tokens: [{ token: MARK }] }] }),
  'a key in another case or spelling': () => ({ passWord: MARK, API_KEY: MARK, 'x-Api-Key': MARK }),
  'a failed request of axios': clientError,
  'the head of its request': () => ({ err: { request: { _header: `GET /\r\nAuthorization: Basic ${MARK}\r\n` } } }),
  'a query of knex': () => ({ query: new QueryBuilder() }),
  'an error of a migration engine': () => `PostgresUrl { url: Url { username: "u", password: Some("${MARK}") } }`,
  'parameters of a request line': () => `Started POST /api/method?username=me&password=${MARK} for 8.8.9.9`,
  'the first parameter of a search text': () => ({ 'http.query': `?token=${MARK}` }),
  'parameters that a semicolon parts': () => ({ query_string: `foo=bar;token=${MARK}` }),
  'cookies of a request that is logged by default': () => ({ req: { headers: { cookie: `connect.sid=${MARK}` } } }),
  'headers of an answer as one text': () => ({ res: { header: `HTTP/1.1 200 OK\r\nSet-Cookie: sid=${MARK}\r\n\r\n` } }),
  'an own field of an error': () => Object.assign(new Error('e'), { apiKey: MARK }),
  'an error that holds itself': circular,
  'a toJSON that gives it back': () => ({ user: { toJSON: () => ({ password: MARK }) } }),
  'a connection string of key and value': () => `Database connection to 'host=db user=app password=${MARK} timezone=UTC' is not available`,
  'a connection string with semicolons': () => ({ message2: `Server=db;User Id=app;Password=${MARK}` }),
  'an instance of a class': () => ({ options: new (class { password = MARK; })() }),
  'a field of a validation error': () => [new ValidationError()],
  'JSON that a proxy has logged as a text': () => ({ body: JSON.stringify({ user: { new_password: MARK } }) }),
  'a configuration that is printed at start-up': () => ({ jwt_secret: MARK, smtp: { auth: { user: 'u', pass: MARK } } }),
  'an incoming message': () => Object.assign(new IncomingMessage(new Socket()), { headers: { cookie: MARK } }),
}; // prettier-ignore

describe('a leak that was reported of others does not exist here', () => {
  it.each(Object.entries(REPORTED))('%s', (_what, make) => {
    for (const log of [
      (value: unknown) => [value, 'Ctx'],
      (value: unknown) => ['m', { value }, 'Ctx'],
      (value: unknown) => [new Error('e', { cause: value }), 'Ctx'],
    ]) {
      const ours = streamingLogger({ caller: 'never' });
      const value = make();
      ours.logger.error(...(log(value) as [unknown]));
      expect(ours.logger.failures).toEqual({ inner: 0, stream: 0 });
      expect(ours.wire.join('')).not.toBe('');
      expect(ours.wire.join('')).not.toContain(MARK);
    }
  });

  it('the arguments of a command that has failed', async () => {
    const error = await new Promise<Error>((resolve) => {
      execFile(process.execPath, ['-e', 'process.exit(1)', '--', '--password', MARK], (failed) => resolve(failed!));
    });
    const ours = streamingLogger({ caller: 'never' });
    ours.logger.error(error, 'Ctx');
    expect(ours.wire.join('')).toContain('Command failed');
    expect(ours.wire.join('')).not.toContain(MARK);
  }); // prettier-ignore

  it('a logged object is not changed, not even for a moment that another could see', () => {
    const value = Object.freeze({ password: MARK, deep: Object.freeze({ token: MARK }) });
    const ours = streamingLogger();
    ours.logger.log('m', { value }, 'Ctx');
    ours.logger.log(value, 'Ctx');
    expect(value).toEqual({ password: MARK, deep: { token: MARK } });
  });
});
