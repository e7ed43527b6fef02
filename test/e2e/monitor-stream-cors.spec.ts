import { type INestApplication } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { LogStreamModule, setupLogStreaming } from 'nestjs-log-stream';
import { type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { monitoredApp, type MonitoredApp } from '../harness/monitored-app.js';

const OPS = 'https://ops.example.com';

const WANTS = {
  'Access-Control-Request-Method': 'GET',
  'Access-Control-Request-Headers': 'authorization,last-event-id',
};

function corsOf({ headers }: Response): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-')));
}

describe.each(['express', 'fastify'])('a CORS preflight of the stream on %s', (platform) => {
  function start(): Promise<MonitoredApp> {
    const builder = monitoredApp({ logger: false, allowedOrigins: [OPS], authorize: () => false });
    return (platform === 'fastify' ? builder.onFastify() : builder).start();
  }

  const ask = (app: MonitoredApp, headers: Record<string, string>): Promise<Response> =>
    app.request('/monitor/stream?level=INFO', { method: 'OPTIONS', headers });

  it('lets a page of an allowed origin send its credentials and where it was', async () => {
    await using app = await start();
    const answer = await ask(app, { Origin: OPS, ...WANTS });
    expect(answer.status).toBe(204);
    expect(corsOf(answer)).toEqual({
      'access-control-allow-origin': OPS,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET, HEAD',
      'access-control-allow-headers': 'Authorization, Last-Event-ID, Cache-Control',
      'access-control-max-age': '600',
    });
    expect(answer.headers.get('vary')).toContain('Origin');
    expect(await answer.text()).toBe('');
  });

  it('decides nothing: nobody is asked about, counted or let in', async () => {
    await using app = await start();
    await ask(app, { Origin: OPS, ...WANTS });
    expect(app.gateway.counters).toMatchObject({ refused: 0, connected: 0 });
    expect((await app.request('/monitor/stream', { headers: { Origin: OPS } })).status).toBe(401);
  });

  it.each([
    'https://evil.example',
    'http://ops.example.com',
    'https://ops.example.com.evil.example',
    'null',
    '',
    // May read as a program may, but a browser shows it nothing.
    'http://localhost:5173',
  ])('gives %o nothing that allows it', async (origin) => {
    await using app = await start();
    const answer = await ask(app, { Origin: origin, ...WANTS });
    expect(answer.status).toBe(403);
    expect(corsOf(answer)).toEqual({});
  });

  it('without an origin is none', async () => {
    await using app = await start();
    const answer = await ask(app, {});
    expect([answer.status, answer.headers.get('allow'), corsOf(answer)]).toEqual([204, 'GET, HEAD', {}]);
  });

  it('is answered by the CORS of the app where it has one, which lets nobody read the stream', async () => {
    const testing = await Test.createTestingModule({
      imports: [LogStreamModule.forRoot({ logger: false })],
    }).compile();
    const app: INestApplication =
      platform === 'fastify'
        ? testing.createNestApplication(new FastifyAdapter())
        : testing.createNestApplication();
    setupLogStreaming(app);
    app.enableCors({ origin: 'https://evil.example', credentials: true });
    await app.listen(0, '127.0.0.1');
    try {
      const { port } = app.getHttpServer().address() as AddressInfo;
      const url = `http://127.0.0.1:${port}/monitor/stream`;
      const headers = { Origin: 'https://evil.example', ...WANTS };
      const preflight = await fetch(url, { method: 'OPTIONS', headers });
      expect(corsOf(preflight)).toMatchObject({ 'access-control-allow-origin': 'https://evil.example' });
      const answer = await fetch(url, { headers });
      expect([answer.status, corsOf(answer)]).toEqual([403, {}]);
    } finally {
      await app.close();
    }
  });
});
