import { anyOf, basicAuth, bearerToken, type LogStreamOptions } from 'nestjs-log-stream';
import { describe, expect, it } from 'vitest';
import { bareApp } from '../harness/bare-app.js';
import { type MonitoredApp, monitoredApp } from '../harness/monitored-app.js';

const BASIC = 'Basic realm="log stream", charset="UTF-8"';
const BEARER = 'Bearer realm="log stream"';

type Headers = Record<string, string>;

/** The status of a refusal, and what it asks for, by the answer's own bytes. */
async function refusal(app: MonitoredApp, path: string, headers: Headers): Promise<[number, string[]]> {
  if (path === '/ws/monitor') {
    await using client = await app.watchRaw(path, headers);
    return [
      client.status,
      [...client.answer.matchAll(/^WWW-Authenticate: (.*)$/gm)].map(([, value]) => value!),
    ];
  }
  await using client = await app.read('', { Connection: 'close', ...headers }, path);
  const challenge = client.response.headers['www-authenticate'];
  return [client.status, challenge === undefined ? [] : [challenge]];
}

describe.each(['/ws/monitor', '/monitor/stream'])('who is refused at %s', (path) => {
  it.each<[string, LogStreamOptions['authorize'], string[]]>([
    ['a password', basicAuth({ ann: 'secret' }), [BASIC]],
    ['a token', bearerToken('s3cret'), [BEARER]],
    ['either', anyOf(bearerToken('s3cret'), basicAuth({ ann: 'secret' })), [`${BEARER}, ${BASIC}`]],
    ['nothing that is known', () => false, []],
  ])('is asked for %s', async (_, authorize, challenges) => {
    await using app = await bareApp({ authorize });
    expect(await refusal(app, path, {})).toEqual([401, challenges]);
    expect(await refusal(app, path, { Authorization: 'Basic d3Jvbmc6d3Jvbmc=' })).toEqual([401, challenges]);
  });

  it.each<[string, number, Headers]>([
    ['another site', 403, { Origin: 'https://evil.example' }],
    ['another site that does not say so', 403, { 'Sec-Fetch-Site': 'cross-site' }],
    ['an allowed origin', 401, { Origin: 'https://ops.example.com', 'Sec-Fetch-Site': 'cross-site' }],
  ])('is asked for nothing as a page of %s', async (_, status, headers) => {
    await using app = await bareApp({
      authorize: basicAuth({ ann: 'secret' }),
      allowedOrigins: ['https://ops.example.com'],
    });
    expect(await refusal(app, path, headers)).toEqual([status, []]);
  });

  it('is asked as a page of this host', async () => {
    await using app = await bareApp({ authorize: basicAuth({ ann: 'secret' }) });
    const headers = { Origin: `http://127.0.0.1:${app.port}`, 'Sec-Fetch-Site': 'same-origin' };
    expect(await refusal(app, path, headers)).toEqual([401, [BASIC]]);
  });

  it('for being one too many is told when to come back, as text', async () => {
    await using app = await monitoredApp({ logger: false, limits: { clientsPerAddress: 1 } }).start();
    await using _first = await app.watch();
    await using client = await app.read('', { Connection: 'close' });
    expect(client.response.headers).toMatchObject({
      'retry-after': '5',
      'content-type': 'text/plain; charset=utf-8',
    });
    expect(await refusal(app, path, {})).toEqual([429, []]);
  });
});
