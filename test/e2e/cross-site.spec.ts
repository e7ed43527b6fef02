import { bearerToken } from 'nestjs-log-stream';
import { describe, expect, it } from 'vitest';
import { bareApp } from '../harness/bare-app.js';
import { type MonitoredApp } from '../harness/monitored-app.js';

type Headers = Record<string, string>;

/** The status with which a bare request is answered; it may say what no browser and no client library would. */
async function statusOf(app: MonitoredApp, headers: Headers, path?: string): Promise<number> {
  await using client = await app.watchRaw(path, headers);
  if (client.status === 101) app.stream.publish({ message: 'secret' });
  else await client.gone;
  return client.status;
}

describe('a page of another site, opened in a browser on this machine', () => {
  it.each<[string, Headers]>([
    ['names itself', { Origin: 'https://evil.example' }],
    ['is a sandboxed frame or a file', { Origin: 'null' }],
    ['has a name like ours', { Origin: 'http://localhost.evil.example' }],
    ['has a name that begins with ours', { Origin: 'http://127.0.0.1.evil.example' }],
    ['has our name as its user', { Origin: 'http://localhost@evil.example' }],
    ['speaks version 8, which names it elsewhere', { 'Sec-WebSocket-Origin': 'https://evil.example' }],
    ['loads us as a script, without an origin', { 'Sec-Fetch-Site': 'cross-site' }],
    ['is on another host of our site', { 'Sec-Fetch-Site': 'same-site' }],
    ['is empty', { Origin: '' }],
  ])('cannot hijack the monitor: it %s', async (_, headers) => {
    await using app = await bareApp();
    expect(await statusOf(app, headers)).toBe(403);
    expect(app.gateway.clients).toBe(0);
  });

  it('cannot do so with the credentials that the browser adds', async () => {
    await using app = await bareApp({ authorize: bearerToken('s3cret') });
    const headers = { Authorization: 'Bearer s3cret', Cookie: 'session=1' };
    expect(await statusOf(app, { ...headers, Origin: 'https://evil.example' })).toBe(403);
    expect(await statusOf(app, { ...headers, Origin: 'https://ops.example', Host: 'ops.example' })).toBe(101);
  });
});

describe('a page whose name was bound anew to this machine', () => {
  it.each<[string, Headers]>([
    ['as it is', { Host: 'evil.example' }],
    ['with our port', { Host: 'evil.example:3000' }],
    ['with an origin of the same name', { Host: 'evil.example', Origin: 'http://evil.example' }],
    ['with our address as its user', { Host: '127.0.0.1@evil.example' }],
    ['as the user of our address', { Host: 'evil.example@127.0.0.1' }],
    ['with our address in front', { Host: '127.0.0.1.evil.example' }],
    ['with our address behind a fragment', { Host: 'evil.example#127.0.0.1' }],
    ['with escapes', { Host: '%6cocalhost' }],
    ['as a public address', { Host: '203.0.113.9' }],
    ['as no host', { Host: '' }],
  ])('may not watch: %s', async (_, headers) => {
    await using app = await bareApp();
    // Node or the adapter may itself turn away what is no host at all, also without an answer.
    expect([400, 401, 403]).toContain(await statusOf(app, headers).catch(() => 400));
    expect(app.gateway.clients).toBe(0);
  });

  it('may not watch by a URL in the request line, as a proxy gets it', async () => {
    await using app = await bareApp();
    for (const host of ['evil.example', `127.0.0.1:${app.port}`]) {
      const status = await statusOf(app, {}, `http://${host}/ws/monitor`).catch(() => 400);
      // Or it is a plain request to the app, as on every path that is not ours.
      expect([400, 401, 403, 426]).toContain(status);
    }
    expect(app.gateway.clients).toBe(0);
  });
});

describe('a program on this machine', () => {
  it.each<[string, (port: number) => Headers]>([
    ['by its address', (port) => ({ Host: `127.0.0.1:${port}` })],
    ['by IPv6', (port) => ({ Host: `[::1]:${port}` })],
    ['by name', () => ({ Host: 'localhost' })],
    [
      'from a page of its own',
      (port) => ({ Origin: `http://127.0.0.1:${port}`, 'Sec-Fetch-Site': 'same-origin' }),
    ],
    ['typed into the address bar', () => ({ 'Sec-Fetch-Site': 'none' })],
  ])('may watch %s', async (_, headers) => {
    await using app = await bareApp();
    expect(await statusOf(app, headers(app.port))).toBe(101);
  });

  it.each(['Forwarded', 'X-Forwarded-For', 'X-Forwarded-Port', 'X-Forwarded-Prefix', 'X-Real-IP', 'Via'])(
    'is not somebody behind a proxy, as %s tells, whatever it says',
    async (name) => {
      await using app = await bareApp();
      expect(await statusOf(app, { [name]: '127.0.0.1' })).toBe(401);
    },
  );
});
