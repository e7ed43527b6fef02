import { from, take, toArray, lastValueFrom } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { connect, type LogStreamItem } from '../../src/client/index.js';
import { bareApp } from '../harness/bare-app.js';
import { eventually, turns } from '../harness/event-loop.js';
import { produce, range } from '../harness/produce.js';
import { inState, itemsOf, seqs, settled, WEB_SOCKETS } from './harness/items.js';

afterEach(() => {
  vi.useRealTimers();
});

/** Iterates until that many items have come. */
async function first(items: AsyncIterable<LogStreamItem>, count: number): Promise<LogStreamItem[]> {
  const seen: LogStreamItem[] = [];
  for await (const item of items) if (seen.push(item) === count) break;
  return seen;
}

describe.each(WEB_SOCKETS)('a client over $name', ({ WebSocket }) => {
  it('yields records as they stand on the wire, each with its place', async () => {
    await using app = await bareApp();
    await using client = connect(app.url(), { WebSocket });
    const { epoch } = await client.ready;
    app.stream.publish({ message: 'High memory', level: 'WARNING', logger: 'memory', memory_mb: 512 });
    app.stream.publish({ message: 'Spawned', is_audit: true, action: 'spawn', metadata: { role: 'a' } });
    const [system, audit] = await first(client, 2);
    expect(system).toEqual({
      type: 'system_log',
      seq: 1,
      epoch,
      cursor: expect.any(String),
      data: {
        timestamp: expect.stringMatching(/Z$/),
        level: 'WARNING',
        logger: 'memory',
        message: 'High memory',
        memory_mb: 512,
      },
    });
    expect(audit).toMatchObject({
      type: 'audit_log',
      seq: 2,
      data: { action: 'spawn', metadata: { role: 'a' }, origin: 'flag', id: expect.any(String) },
    });
  });
});

describe('a client', () => {
  it('connects by itself, with what the platform or `ws` has', async () => {
    await using app = await bareApp();
    await using client = connect(app.url().replace('ws:', 'http:'));
    await client.ready;
    expect(client.state).toEqual({ name: 'live' });
    expect(client.hello).toMatchObject({ version: 1, heads: { next: 1 } });
  });

  it('begins with what is logged once it is ready, and what passes its filter', async () => {
    await using app = await bareApp();
    await produce(app, 1, 11);
    await using client = connect(app.url(), { filter: { category: 'audit' } });
    await client.ready;
    await produce(app, 11, 21);
    expect(seqs(await first(client, 2))).toEqual([15, 20]);
    expect(client.filter).toEqual({ category: 'audit' });
  });

  it('begins with a replay, and tells when it is done', async () => {
    await using app = await bareApp();
    await produce(app, 1, 21);
    const states: string[] = [];
    await using client = connect(app.url(), { filter: { category: 'audit' }, replay: { last: 3 } });
    client.on('state', ({ name }) => states.push(name));
    expect(seqs(await first(client, 3))).toEqual([10, 15, 20]);
    await inState(client, 'live');
    expect(states).toEqual(['catching_up', 'live']);
  });

  it('takes the filter and the replay of a URL, the replay once', async () => {
    await using app = await bareApp();
    await produce(app, 1, 21);
    await using client = connect(app.url('/ws/monitor?category=audit&replay=2'), { reconnect: { minMs: 1 } });
    const items = itemsOf(client);
    await client.ready;
    expect(client.filter).toEqual({ category: 'audit' });
    await settled(client, app);
    app.peers[0]!.terminate();
    await inState(client, 'waiting');
    await produce(app, 21, 31);
    await settled(client, app);
    expect(seqs(items)).toEqual([15, 20, 25, 30]);
  });

  it('resumes behind any item, also in the middle of a batch', async () => {
    await using app = await bareApp();
    await produce(app, 1, 31, 30);
    await using client = connect(app.url(), { replay: { last: 30 } });
    const items = await first(client, 30);
    for (const index of [0, 13, 28, 29]) {
      await using other = connect(app.url(), { replay: { after: items[index]!.cursor } });
      const seen = itemsOf(other);
      await settled(other, app);
      expect(seqs(seen)).toEqual(range(index + 2, 31));
    }
  });

  it('holds what comes until somebody looks, and between two who do', async () => {
    await using app = await bareApp();
    await using client = connect(app.url());
    await client.ready;
    await produce(app, 1, 11);
    await client.ping();
    expect(seqs(await first(client, 4))).toEqual([1, 2, 3, 4]);
    await produce(app, 11, 16);
    await client.ping();
    expect(seqs(await first(client, 8))).toEqual(range(5, 13));
    const rest = itemsOf(client);
    expect(seqs(rest)).toEqual([13, 14, 15]);
  });

  it('gives all to each of several consumers', async () => {
    await using app = await bareApp();
    await using client = connect(app.url());
    await client.ready;
    const pushed = itemsOf(client);
    const pulled = [first(client, 20), first(client, 10)];
    const observed = lastValueFrom(from(client).pipe(take(5), toArray()));
    await produce(app, 1, 21);
    expect(seqs(await pulled[0]!)).toEqual(range(1, 21));
    expect(seqs(await pulled[1]!)).toEqual(range(1, 11));
    expect(seqs(await observed)).toEqual(range(1, 6));
    expect(seqs(pushed)).toEqual(range(1, 21));
  });

  it('is an Observable for RxJS: completes when it is closed, and an unsubscribed one hears nothing', async () => {
    await using app = await bareApp();
    const client = connect(app.url());
    await client.ready;
    const heard: string[] = [];
    const observable = from(client);
    observable.subscribe({ complete: () => heard.push('complete') });
    observable.subscribe({ complete: () => heard.push('never') }).unsubscribe();
    const subscription = client.subscribe({ complete: () => heard.push('own') });
    expect(subscription.closed).toBe(false);
    await client.close();
    expect(subscription.closed).toBe(true);
    expect(heard).toEqual(['complete', 'own']);
    client.subscribe({ complete: () => heard.push('late') });
    expect(heard).toContain('late');
    expect(await first(client, 1)).toEqual([]);
  });

  it('does not let an observer that throws disturb the others', async () => {
    await using app = await bareApp();
    await using client = connect(app.url());
    const thrown: unknown[] = [];
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => thrown.push(error));
    try {
      await client.ready;
      client.subscribe(() => {
        throw new Error('mine');
      });
      const items = itemsOf(client);
      await produce(app, 1, 3);
      await settled(client, app);
      expect(seqs(items)).toEqual([1, 2]);
      expect(thrown).toMatchObject([{ message: 'mine' }, { message: 'mine' }]);
    } finally {
      process.removeAllListeners('uncaughtException');
      for (const listener of listeners) process.on('uncaughtException', listener);
    }
  });

  it('answers several calls of `next` in their order', async () => {
    await using app = await bareApp();
    await using client = connect(app.url());
    await client.ready;
    const iterator = client[Symbol.asyncIterator]();
    const results = [1, 2, 3].map(() => iterator.next());
    await produce(app, 1, 3);
    await settled(client, app);
    void client.close();
    expect(await Promise.all(results)).toMatchObject([
      { value: { seq: 1 } },
      { value: { seq: 2 } },
      { done: true },
    ]);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it('pauses and goes on, with nothing between', async () => {
    await using app = await bareApp();
    await using client = connect(app.url());
    const items = itemsOf(client);
    await client.ready;
    client.pause();
    await inState(client, 'paused');
    expect(client.state).toEqual({ name: 'paused', by: 'caller' });
    await produce(app, 1, 11);
    await client.ping();
    expect(items).toEqual([]);
    client.resume();
    await inState(client, 'live');
    await settled(client, app);
    expect(seqs(items)).toEqual(range(1, 11));
  });

  it('stays paused through a reset', async () => {
    await using app = await bareApp();
    await using client = connect(app.url(), { reconnect: { minMs: 1 } });
    const items = itemsOf(client);
    await client.ready;
    await produce(app, 1, 6);
    await settled(client, app);
    client.pause();
    await inState(client, 'paused');
    app.peers[0]!.terminate();
    await produce(app, 6, 11);
    await inState(client, 'waiting');
    await inState(client, 'paused');
    await client.ping();
    expect(seqs(items)).toEqual(range(1, 6));
    client.resume();
    await settled(client, app);
    expect(seqs(items)).toEqual(range(1, 11));
  });

  it('tells how long the way to the server is', async () => {
    await using app = await bareApp();
    await using client = connect(app.url());
    await client.ready;
    expect(await client.ping()).toBeGreaterThan(0);
  });

  it('never sends more than the server takes', async () => {
    await using app = await bareApp({ limits: { messages: { count: 10, windowMs: 300 } } });
    await using client = connect(app.url());
    await client.ready;
    await Promise.all(range(0, 25).map(() => client.ping()));
    client.pause();
    client.resume();
    await client.setFilter({});
    await inState(client, 'live');
    expect(app.gateway.clients).toBe(1);
  });

  it('passes on the statistics', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    await using app = await bareApp();
    await using client = connect(app.url());
    await client.ready;
    await produce(app, 1, 4);
    await settled(client, app);
    const stats = new Promise((resolve) => client.on('stats', resolve));
    vi.advanceTimersByTime(5_000);
    expect(await stats).toMatchObject({ delivered: 3, filtered: 0, dropped: 0, lag: { records: 0 } });
  });
});

describe('a slow iterator', () => {
  it('makes the server pause and then gets all, while little is kept here', async () => {
    await using app = await bareApp({ history: { records: 5_000 } });
    await using client = connect(app.url(), { WebSocket, buffer: { records: 50 } });
    const states: string[] = [];
    client.on('state', ({ name }) => states.push(name));
    await client.ready;
    const iterator = client[Symbol.asyncIterator]();
    let received = 0;
    client.subscribe(() => (received += 1));
    await produce(app, 1, 101, 10);
    await inState(client, 'paused');
    expect(client.state).toEqual({ name: 'paused', by: 'backpressure' });
    await produce(app, 101, 3_001, 100);
    await client.ping();
    // What was on its way when the server was asked to pause.
    expect(received).toBeLessThan(500);
    const seen: number[] = [];
    for await (const item of iterator) {
      if (item.type === 'system_log' || item.type === 'audit_log') seen.push(item.seq);
      // As slow as somebody who waits for a disk.
      await turns(1);
      if (seen.length === 3_000) break;
    }
    expect(seen).toEqual(range(1, 3_001));
    expect(states).toContain('live');
  });

  it('is told of what the history has not kept for it', async () => {
    await using app = await bareApp({ history: { records: 100 } });
    await using client = connect(app.url(), {
      filter: { category: 'system' },
      buffer: { records: 10 },
      reconnect: { minMs: 1 },
    });
    await client.ready;
    const iterator = client[Symbol.asyncIterator]();
    await produce(app, 1, 31, 5);
    await inState(client, 'paused');
    await produce(app, 31, 1_001, 50);
    let delivered = 0;
    let missed = 0;
    for await (const item of iterator) {
      if (item.type === 'gap') missed += item.count;
      else delivered += 1;
      if ('seq' in item && item.seq === 999) break;
    }
    expect(missed).toBeGreaterThan(0);
    expect(delivered).toBeLessThan(300);
  });

  it('lets what is thrown into a generator around it through', async () => {
    await using app = await bareApp();
    await using client = connect(app.url());
    await client.ready;
    async function* around(): AsyncGenerator {
      yield* client;
    }
    const generator = around();
    const first = generator.next();
    await produce(app, 1, 2);
    await first;
    const reason = new Error('enough');
    await expect(generator.throw(reason)).rejects.toBe(reason);
    expect(await generator.next()).toEqual({ done: true, value: undefined });
  });

  it('lets the client go on once it has left', async () => {
    await using app = await bareApp();
    await using client = connect(app.url(), { buffer: { records: 10 } });
    await client.ready;
    const items = itemsOf(client);
    const slow = client[Symbol.asyncIterator]();
    await produce(app, 1, 31, 5);
    await inState(client, 'paused');
    await slow.return?.();
    await produce(app, 31, 61);
    await eventually(() => items.length === 60);
    expect(seqs(items)).toEqual(range(1, 61));
  });
});
