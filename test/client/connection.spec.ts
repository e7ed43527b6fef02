import {
  bearerToken,
  type LogStreamOptions,
  LogStreamTickets,
  MonitorGateway,
  type Principal,
} from 'nestjs-log-stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { connect, type ConnectionState, LogStreamError } from '../../src/client/index.js';
import { SILENT } from '../../src/client/client.messages.js';
import { bareApp } from '../harness/bare-app.js';
import { eventually, turns } from '../harness/event-loop.js';
import { OwnTimers } from '../harness/own-timers.js';
import { produce, range } from '../harness/produce.js';
import { CuttingProxy } from './harness/cutting-proxy.js';
import { inState, itemsOf, seqs, settled, WEB_SOCKETS } from './harness/items.js';

const QUICK = { reconnect: { minMs: 1, maxMs: 5 } };

afterEach(() => {
  vi.useRealTimers();
});

describe.each(WEB_SOCKETS)('who may watch, over $name:', ({ WebSocket, name }) => {
  it('a token', async () => {
    await using app = await bareApp({ authorize: bearerToken('s3cret') });
    await using client = connect(app.url(), { WebSocket, token: 's3cret' });
    expect(await client.ready).toMatchObject({ sees: ['system', 'audit'] });
  });

  it('a ticket, a new one for every connection', async () => {
    const tickets = new LogStreamTickets();
    await using app = await bareApp({ authorize: tickets.authorize });
    let issued = 0;
    const ticket = (): string => tickets.issue({ id: `t${++issued}`, categories: ['audit'] });
    await using client = connect(app.url(), { WebSocket, ticket, ...QUICK });
    expect(await client.ready).toMatchObject({ sees: ['audit'] });
    app.peers[0]!.terminate();
    await inState(client, 'waiting');
    await inState(client, 'live');
    expect(issued).toBe(2);
  });

  it('a token that ended is asked for anew, and nothing is missed', async () => {
    let current = 'first';
    const authorize: LogStreamOptions['authorize'] = bearerToken((token) =>
      token === current ? { id: 'me', expiresAt: Date.now() + (token === 'first' ? 50 : 60_000) } : undefined,
    );
    await using app = await bareApp({ authorize });
    const asked: string[] = [];
    const token = async (): Promise<string> => {
      await turns(1);
      asked.push(current);
      return current;
    };
    await using client = connect(app.url(), { WebSocket, token, ...QUICK });
    const items = itemsOf(client);
    await client.ready;
    await produce(app, 1, 4);
    current = 'second';
    await inState(client, 'waiting');
    expect(client.state).toMatchObject({ error: { code: 'expired', closeCode: 4501 } });
    await produce(app, 4, 8);
    await settled(client, app);
    expect(seqs(items)).toEqual(range(1, 8));
    expect(asked).toEqual(['first', 'second']);
  });

  it('a session that slides, of which only the platform knows: nothing is missed, and who is refused is told', async () => {
    let lasts = 50;
    const authorize = (): Principal => ({ id: 'me', expiresAt: Date.now() + lasts });
    await using app = await bareApp({ authorize });
    await using client = connect(app.url(), { WebSocket, ...QUICK });
    const items = itemsOf(client);
    await client.ready;
    await produce(app, 1, 4);
    lasts = 60_000;
    await inState(client, 'waiting');
    expect(client.state).toMatchObject({ error: { code: 'expired' } });
    await produce(app, 4, 8);
    await settled(client, app);
    expect(seqs(items)).toEqual(range(1, 8));
  });

  it('no session that has ended, nor one that was withdrawn', async () => {
    let lasts = 50;
    const authorize = (): Principal => ({ id: 'me', expiresAt: Date.now() + lasts });
    await using app = await bareApp({ authorize });
    await using client = connect(app.url(), { WebSocket, ...QUICK });
    await client.ready;
    lasts = -1;
    if (name === 'ws') await inState(client, 'closed');
    else await inState(client, 'waiting');
    await using revoked = await bareApp({ authorize: (): Principal => ({ id: 'me' }) });
    await using other = connect(revoked.url(), { WebSocket, ...QUICK });
    await other.ready;
    revoked.app.get(MonitorGateway).revoke('me');
    await inState(other, 'closed');
    expect(other.state).toMatchObject({ error: { code: 'revoked' } });
  });

  it('nobody without: with `ws`, which sees the status, there is no second attempt', async () => {
    await using app = await bareApp({ authorize: bearerToken('s3cret') });
    const states: ConnectionState[] = [];
    await using client = connect(app.url(), { WebSocket, token: 'wrong', ...QUICK });
    client.on('state', (state) => states.push(state));
    if (name === 'ws') {
      await expect(client.ready).rejects.toMatchObject({ code: 'not_authorized', status: 401 });
      expect(states).toMatchObject([{ name: 'closed', error: { code: 'not_authorized' } }]);
    } else {
      await eventually(() => states.length > 4);
      expect(client.state.name).not.toBe('closed');
    }
  });
});

describe('who may watch', () => {
  it('not who got two tokens in a row and was refused with both', async () => {
    await using app = await bareApp({ authorize: bearerToken('s3cret') });
    let asked = 0;
    await using client = connect(app.url(), { WebSocket, token: () => `wrong${++asked}`, ...QUICK });
    await expect(client.ready).rejects.toMatchObject({ code: 'not_authorized' });
    expect(asked).toBe(2);
  });

  it('not who was refused with 403, or asks for something impossible, or at a wrong path', async () => {
    await using app = await bareApp({ authorize: () => ({ categories: [] }) });
    const reason = (url: string): Promise<unknown> =>
      connect(url, { WebSocket, ...QUICK }).ready.catch((error: unknown) => error);
    expect(await reason(app.url())).toMatchObject({ code: 'forbidden', status: 403 });
    await using open = await bareApp();
    expect(await reason(open.url('/ws/monitor?level=LOUD'))).toMatchObject({ code: 'refused', status: 400 });
  });

  it('not who is revoked', async () => {
    await using app = await bareApp({ authorize: () => ({ id: 'me' }) });
    const client = connect(app.url(), { WebSocket, token: () => 'x', ...QUICK });
    await client.ready;
    const iterated = client[Symbol.asyncIterator]().next();
    const errors: unknown[] = [];
    client.subscribe({ error: (error) => errors.push(error) });
    app.gateway.revoke('me');
    await expect(iterated).rejects.toMatchObject({ code: 'revoked', closeCode: 4502 });
    expect(errors).toMatchObject([{ code: 'revoked' }]);
    expect(client.state).toMatchObject({ name: 'closed', error: { code: 'revoked' } });
    await client.close();
  });

  it('tells of a token that cannot be sent or be had, and tries again', async () => {
    await using app = await bareApp({ authorize: bearerToken('s3cret') });
    const tokens = [
      () => 'no=good/at all',
      () => '',
      () => {
        throw new Error('offline');
      },
      () => 's3cret',
    ];
    const errors: LogStreamError[] = [];
    await using client = connect(app.url(), { token: () => tokens.shift()!(), ...QUICK });
    client.on('error', (error) => errors.push(error));
    await client.ready;
    expect(errors.map(({ code }) => code)).toEqual(Array(3).fill('invalid_credential'));
    expect(errors[2]!.cause).toEqual(new Error('offline'));
  });
});

describe('the end', () => {
  it.each(WEB_SOCKETS)('leaves nothing, over $name', async ({ WebSocket }) => {
    await using app = await bareApp();
    using timers = new OwnTimers();
    const client = connect(app.url(), { WebSocket });
    const items = itemsOf(client);
    await client.ready;
    await produce(app, 1, 4);
    await settled(client, app);
    expect(timers.total).toBeGreaterThan(0);
    await client.close();
    await eventually(() => app.gateway.clients === 0);
    await produce(app, 4, 8);
    expect(seqs(items)).toEqual([1, 2, 3]);
    expect(client.state).toEqual({ name: 'closed' });
    await expect(client.ping()).rejects.toMatchObject({ code: 'closed' });
    await eventually(() => timers.waiting.every((stack) => !stack.includes('src/client')));
    await client.close();
  });

  it.each(WEB_SOCKETS)('leaves nothing while it connects, over $name', async ({ WebSocket }) => {
    await using app = await bareApp();
    using timers = new OwnTimers();
    const early = connect(app.url(), { WebSocket });
    await early.close();
    const client = connect(app.url(), { WebSocket });
    await turns(2);
    await client.close();
    await expect(client.ready).rejects.toMatchObject({ code: 'closed' });
    await eventually(() => app.gateway.clients === 0);
    await eventually(() => timers.waiting.every((stack) => !stack.includes('src/client')));
  });

  it('leaves nothing while it waits', async () => {
    using timers = new OwnTimers();
    const client = connect('ws://127.0.0.1:1/', { reconnect: { minMs: 100_000, maxMs: 100_000 } });
    await inState(client, 'waiting');
    expect(client.state).toMatchObject({ attempt: 2, error: { code: 'connection_lost' } });
    expect(timers.waiting).not.toEqual([]);
    await client.close();
    await eventually(() => timers.waiting.length === 0);
  });

  it('does not wait for a token that never comes', async () => {
    const client = connect('ws://127.0.0.1:1/', { token: () => new Promise<string>(() => {}) });
    await client.close();
    expect(client.state).toEqual({ name: 'closed' });
  });

  it('comes by a signal, also before the beginning', async () => {
    await using app = await bareApp();
    const controller = new AbortController();
    const client = connect(app.url(), { signal: controller.signal });
    await client.ready;
    controller.abort(new Error('enough'));
    expect(client.state).toEqual({ name: 'closed' });
    for await (const item of client) expect.unreachable(item.type);
    const late = connect(app.url(), { signal: controller.signal });
    await expect(late.ready).rejects.toMatchObject({ code: 'closed', cause: new Error('enough') });
    await Promise.all([client.close(), late.close()]);
    await eventually(() => app.gateway.clients === 0);
  });

  it('is the caller’s: an iteration stops at once, whatever is still to be read', async () => {
    await using app = await bareApp();
    const client = connect(app.url());
    await client.ready;
    await produce(app, 1, 11);
    await client.ping();
    const seen: unknown[] = [];
    for await (const item of client) {
      seen.push(item);
      if (seen.length === 2) void client.close();
    }
    expect(seen).toHaveLength(2);
  });

  it('lets what was read before an error be taken first', async () => {
    await using app = await bareApp({ authorize: () => ({ id: 'me' }) });
    const client = connect(app.url());
    await client.ready;
    await produce(app, 1, 4);
    await client.ping();
    app.gateway.revoke('me');
    await inState(client, 'closed');
    const seen: unknown[] = [];
    await expect(async () => {
      for await (const item of client) seen.push(item);
    }).rejects.toThrow(LogStreamError);
    expect(seen).toHaveLength(3);
  });
});

describe('coming back', () => {
  it('is left alone when it shall be', async () => {
    await using app = await bareApp();
    const client = connect(app.url(), { reconnect: false });
    await client.ready;
    const iterated = client[Symbol.asyncIterator]().next();
    app.peers[0]!.terminate();
    await expect(iterated).rejects.toMatchObject({ code: 'connection_lost', closeCode: 1006 });
    await client.close();
  });

  it('ends after so many failures in a row', async () => {
    const client = connect('ws://127.0.0.1:1/', { reconnect: { minMs: 1, attempts: 3 } });
    const attempts: number[] = [];
    client.on('state', (state) => state.name === 'connecting' && attempts.push(state.attempt));
    await expect(client.ready).rejects.toMatchObject({ code: 'connection_lost' });
    expect(attempts).toEqual([2, 3]);
  });

  it('can be hurried', async () => {
    await using app = await bareApp();
    await using proxy = await CuttingProxy.before(app.port);
    proxy.refusing = true;
    await using client = connect(proxy.url, { reconnect: { minMs: 1e6, maxMs: 1e6 } });
    await inState(client, 'waiting');
    proxy.refusing = false;
    client.retry();
    await expect(client.ready).resolves.toMatchObject({ version: 1 });
  });

  it('waits as long as the server says', async () => {
    const app = await bareApp();
    await using client = connect(app.url(), QUICK);
    await client.ready;
    const before = Date.now();
    await app.close();
    await inState(client, 'waiting');
    expect(client.state).toMatchObject({ error: { closeCode: 4000 } });
    expect((client.state as { at: number }).at - before).toBeGreaterThanOrEqual(1_000);
  });

  it('waits as long as a refusal says', async () => {
    await using app = await bareApp({ limits: { clients: 1 } });
    await using first = connect(app.url());
    await first.ready;
    const before = Date.now();
    await using client = connect(app.url(), { WebSocket, ...QUICK });
    await inState(client, 'waiting');
    expect(client.state).toMatchObject({ error: { code: 'refused', status: 503 } });
    expect((client.state as { at: number }).at - before).toBeGreaterThanOrEqual(5_000);
  });

  it.each(WEB_SOCKETS)('finds out that a connection is half-open, over $name', async ({ WebSocket }) => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    await using app = await bareApp();
    await using proxy = await CuttingProxy.before(app.port);
    await using client = connect(proxy.url, { WebSocket, ...QUICK });
    const items = itemsOf(client);
    await client.ready;
    for (let seconds = 0; seconds < 60; seconds += 5) {
      vi.advanceTimersByTime(5_000);
      await settled(client, app);
    }
    expect(proxy.connections).toBe(1);
    const ends: ConnectionState[] = [];
    client.on('state', (state) => state.name === 'waiting' && ends.push(state));
    proxy.stall();
    await produce(app, 1, 4);
    // Each step is one interval, as of a page that was frozen meanwhile.
    for (let interval = 0; interval < 4; interval++) vi.advanceTimersByTime(5_000);
    await eventually(() => ends.length === 1);
    expect(ends[0]).toMatchObject({ error: { code: 'connection_lost', message: SILENT } });
    proxy.resume();
    await settled(client, app);
    expect(seqs(items)).toEqual([1, 2, 3]);
  });
});

describe('a URL', () => {
  it.each(['ftp://x', '/ws/monitor', 'nothing', ''])('%s leads nowhere, and says so', (url) => {
    expect(() => connect(url)).toThrow(TypeError);
    expect(() => connect(url)).toThrow('ws://, wss://, http:// or https://');
  });
});
