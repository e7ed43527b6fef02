import { type Authorize } from 'nestjs-log-stream';
import { of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type ClientOptions } from 'ws';
import { turns } from '../harness/event-loop.js';
import { monitoredApp } from '../harness/monitored-app.js';
import { RecordingLogger } from '../harness/recording-logger.js';
import {
  FOREIGN_ORIGIN,
  NOT_AUTHORIZED,
  NOT_LOCAL,
  watchRefused,
} from '../../src/monitor/monitor.messages.js';

type Headers = Record<string, string>;
const withHeaders = (headers: Headers): ClientOptions => ({ headers });

describe('who may watch, by default', () => {
  it.each<[string, Headers]>([
    ['a program on this machine', {}],
    ['one that names this machine localhost', { Host: 'localhost:1234' }],
    ['a page of a development server on this machine', { Origin: 'http://localhost:5173' }],
  ])('is %s', async (_, headers) => {
    await using app = await monitoredApp().start();
    await using client = await app.watch('/ws/monitor', withHeaders(headers));
    app.stream.publish({ message: 'welcome' });
    await client.message('welcome');
    expect(app.gateway.clients).toBe(1);
  });

  it('is a page of the same host', async () => {
    await using app = await monitoredApp().start();
    const headers = { Origin: `http://127.0.0.1:${app.port}` };
    await using _client = await app.watch('/ws/monitor', withHeaders(headers));
    expect(app.gateway.clients).toBe(1);
  });

  it.each<[string, number, Headers]>([
    ['who names another host, as after DNS rebinding', 401, { Host: 'evil.example' }],
    ['who came through a proxy', 401, { 'X-Forwarded-For': '203.0.113.9' }],
    ['who came through a proxy of the standard', 401, { Forwarded: 'for=203.0.113.9' }],
    ['a page of another host', 403, { Origin: 'https://evil.example' }],
    ['a page of another host on the old header', 403, { Origin: 'https://evil.example', Host: 'localhost' }],
    ['a page without a host', 403, { Origin: 'null' }],
    ['a rebound page that names its own host', 401, { Host: 'evil.example', Origin: 'http://evil.example' }],
  ])('is not %s: %i', async (_, status, headers) => {
    await using app = await monitoredApp().start();
    expect(await app.refusal(withHeaders(headers))).toBe(status);
    expect(app.gateway.clients).toBe(0);
    expect(app.stream.observed).toBe(false);
  });
});

describe('who may watch, by the options', () => {
  it('is a page of an allowed origin', async () => {
    const allowedOrigins = ['https://ops.example.com'];
    await using app = await monitoredApp({ logger: false, allowedOrigins }).start();
    await using _client = await app.watch('/ws/monitor', withHeaders({ Origin: 'https://ops.example.com' }));
    expect(app.gateway.clients).toBe(1);
    expect(await app.refusal(withHeaders({ Origin: 'http://ops.example.com' }))).toBe(403);
  });

  it.each<[string, Authorize]>([
    ['true', () => true],
    ['a principal', () => ({ id: 'ann' })],
    ['an Observable of true', () => of(true)],
    ['a promise of true', async () => true],
  ])('is whom authorize answers with %s', async (_, authorize) => {
    await using app = await monitoredApp({ logger: false, authorize }).start();
    const headers = { Host: 'ops.example.com', 'X-Forwarded-For': '203.0.113.9' };
    await using _client = await app.watch('/ws/monitor', withHeaders(headers));
    expect(app.gateway.clients).toBe(1);
  });

  it.each<[string, () => unknown]>([
    ['false', () => false],
    ['nothing', () => undefined],
    ['a promise of false', async () => false],
    ['an Observable of false', () => of(false)],
    ['a user, which is no principal', () => ({ sub: 'ann' })],
    ['a text', () => 'false'],
    ['a rejection', () => Promise.reject(new Error('token expired'))],
    [
      'an exception',
      () => {
        throw new Error('no token');
      },
    ],
  ])('is not whom authorize answers with %s: 401', async (_, authorize) => {
    await using app = await monitoredApp({ logger: false, authorize: authorize as Authorize }).start();
    expect(await app.refusal()).toBe(401);
    expect(app.gateway.clients).toBe(0);
  });

  it('is decided by the request: its headers, its URL, its peer', async () => {
    const authorize: Authorize = ({ headers, url, socket }) =>
      headers.authorization === 'Bearer t' &&
      url === '/ws/monitor?token=1' &&
      socket.remoteAddress === '127.0.0.1';
    await using app = await monitoredApp({ logger: false, authorize }).start();
    const bearer = withHeaders({ Authorization: 'Bearer t' });
    await using _client = await app.watch('/ws/monitor?token=1', bearer);
    expect(app.gateway.clients).toBe(1);
    expect(await app.refusal(bearer)).toBe(401);
    expect(await app.refusal({}, '/ws/monitor?token=1')).toBe(401);
  });

  it('is decided before the handshake is answered', async () => {
    let decide = (_admitted: boolean): void => {};
    let asked = (): void => {};
    const wasAsked = new Promise<void>((resolve) => (asked = resolve));
    await using app = await monitoredApp({
      logger: false,
      authorize: () => {
        asked();
        return new Promise((resolve) => (decide = resolve));
      },
    }).start();
    const connecting = app.watchRaw();
    let answered = false;
    void connecting.then(() => (answered = true));
    await wasAsked;
    app.stream.publish({ message: 'secret' });
    await turns(20);
    expect(answered).toBe(false);
    decide(false);
    await using client = await connecting;
    expect(client.status).toBe(401);
    await client.gone;
    expect(client.frames).toEqual([]);
  });

  it('is decided for each by its own answer, in whatever order they come', async () => {
    const decisions = new Map<string, (admitted: boolean) => void>();
    const authorize: Authorize = ({ url }) =>
      new Promise((resolve) => {
        decisions.set(url!, resolve);
        if (decisions.size === 3) for (const path of [...decisions.keys()].toReversed()) settle(path);
      });
    const settle = (path: string): void => decisions.get(path)!(path.endsWith('yes'));
    await using app = await monitoredApp({ logger: false, authorize }).start();
    const outcomes = await Promise.all(
      ['a-yes', 'b-no', 'c-yes'].map(async (name) => {
        await using client = await app.watchRaw(`/ws/monitor?${name}`);
        return [name, client.status];
      }),
    );
    expect(outcomes).toEqual([
      ['a-yes', 101],
      ['b-no', 401],
      ['c-yes', 101],
    ]);
  });
});

describe('a refusal', () => {
  it('tells the client nothing but the status, and the operator why', async () => {
    const logger = new RecordingLogger();
    const authorize = (): never => {
      throw new Error('secret of the house');
    };
    await using app = await monitoredApp({ logger, authorize }).start();
    await using client = await app.watchRaw();
    expect(client.answer).toMatch(/^HTTP\/1\.1 401 Unauthorized/);
    await client.gone;
    expect(client.answer).not.toContain('secret');
    expect(logger.matching('secret of the house')).toHaveLength(1);
  });

  it('costs one log line a minute for each kind, however many are refused', async () => {
    const logger = new RecordingLogger();
    const authorize: Authorize = ({ url }) => {
      if (url!.includes('broken')) throw new Error('broken');
      return false;
    };
    await using app = await monitoredApp({ logger, authorize }).start();
    const before = logger.lines.length;
    const refusals = Array.from({ length: 60 }, (_, i) => {
      if (i % 3 === 0) return app.refusal(withHeaders({ Origin: 'https://evil.example' }));
      return app.refusal({}, `/ws/monitor?${i % 3 === 1 ? 'broken' : 'no'}`);
    });
    expect(new Set(await Promise.all(refusals))).toEqual(new Set([401, 403]));
    const lines = logger.lines.slice(before).map(({ text }) => text);
    expect(lines).toHaveLength(3);
    for (const reason of [FOREIGN_ORIGIN, NOT_AUTHORIZED, 'Error: broken']) {
      expect(lines.filter((line) => line.includes(reason))).toHaveLength(1);
    }
  });

  it('is seen by those who may watch', async () => {
    await using app = await monitoredApp().start();
    await using client = await app.watch();
    expect(await app.refusal(withHeaders({ Host: 'evil.example' }))).toBe(401);
    const { data } = await client.message(watchRefused('/ws/monitor', NOT_LOCAL, 0));
    expect(data).toMatchObject({ level: 'WARNING', logger: 'MonitorGateway' });
  });

  it('does not disturb those who watch', async () => {
    await using app = await monitoredApp().start();
    await using client = await app.watch();
    await Promise.all(
      Array.from({ length: 20 }, () => app.refusal(withHeaders({ Origin: 'https://evil.example' }))),
    );
    app.stream.publish({ message: 'still here' });
    await client.message('still here');
    expect(app.gateway.clients).toBe(1);
  });
});
