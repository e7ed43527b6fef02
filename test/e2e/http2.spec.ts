import { describe, expect, it } from 'vitest';
import { exchange, type HttpVersion } from '../harness/exchange.js';
import { monitoredApp } from '../harness/monitored-app.js';
import { selfSigned } from '../harness/self-signed.js';

const identity = selfSigned();
const SERVERS: [string, HttpVersion, string, object][] = [
  ['HTTP/2 without TLS', 2, 'http', { http2: true }],
  ['HTTP/2 with allowHTTP1', 2, 'https', { http2: true, https: { ...identity, allowHTTP1: true } }],
  ['HTTP/1 with allowHTTP1', 1, 'https', { http2: true, https: { ...identity, allowHTTP1: true } }],
];

describe.each(SERVERS)('the monitor on Fastify over %s', (_, version, scheme, options) => {
  const started = async () => {
    const app = await monitoredApp().onFastify(options).start();
    const ask = (path: string, headers = {}, host = '127.0.0.1') =>
      exchange(version, `${scheme}://${host}:${app.port}${path}`, { headers });
    return { app, ask };
  };

  it('shows the dashboard and its files to this machine', async () => {
    const { app, ask } = await started();
    await using _app = app;
    const page = ask('/monitor');
    expect(await page.status).toBe(200);
    const [, file] = /(?:src|href)="\.?\/?([^"]+\.(?:js|css))"/.exec(await page.body) ?? [];
    expect(await ask(new URL(file ?? '', 'http://localhost/monitor').pathname).status).toBe(200);
  });

  it('streams to this machine, and sees a client that cancels', async () => {
    const { app, ask } = await started();
    await using _app = app;
    const stream = ask('/monitor/stream?format=ndjson');
    expect(await stream.status).toBe(200);
    app.stream.publish({ message: 'welcome' });
    await stream.begun;
    stream.cancel();
    await expect.poll(() => app.gateway.clients).toBe(0);
  });

  it('refuses who came through a proxy, another host, and a page of another host', async () => {
    const { app, ask } = await started();
    await using _app = app;
    expect(await ask('/monitor/stream', { 'x-forwarded-for': '203.0.113.9' }).status).toBe(401);
    const foreign = version === 2 ? { ':authority': 'evil.example' } : { host: 'evil.example' };
    expect(await ask('/monitor/stream', foreign).status).toBe(401);
    expect(await ask('/monitor/stream', { origin: 'https://evil.example' }).status).toBe(403);
  });

  it('lets a page of the same host in', async () => {
    const { app, ask } = await started();
    await using _app = app;
    const stream = ask('/monitor/stream', { origin: `${scheme}://127.0.0.1:${app.port}` });
    expect(await stream.status).toBe(200);
    stream.cancel();
  });
});

it('over HTTP/2 a Host that contradicts the authority is no host', async () => {
  const app = await monitoredApp().onFastify({ http2: true }).start();
  await using _app = app;
  const headers = { ':authority': 'localhost', host: 'evil.example' };
  expect(await exchange(2, `http://127.0.0.1:${app.port}/monitor/stream`, { headers }).status).toBe(401);
});
