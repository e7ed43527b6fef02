import { describe, expect, it } from 'vitest';
import { connect, type LogStreamItem } from '../../src/client/index.js';
import { bareApp } from '../harness/bare-app.js';
import { eventually } from '../harness/event-loop.js';
import { produce, range } from '../harness/produce.js';
import { CuttingProxy } from './harness/cutting-proxy.js';
import { gaps, inState, itemsOf, seqs, settled, WEB_SOCKETS } from './harness/items.js';

const QUICK = { reconnect: { minMs: 1, maxMs: 5 } };

/** What an item is, short. */
const outline = (item: LogStreamItem): unknown => ('seq' in item ? item.seq : item.type);

describe.each(WEB_SOCKETS)('a restart of the app on the same port, over $name,', ({ WebSocket }) => {
  it('is announced as a loss, and then comes all of the new run', async () => {
    const first = await bareApp();
    const { port } = first;
    await using client = connect(first.url(), { WebSocket, ...QUICK });
    const items = itemsOf(client);
    const { epoch } = await client.ready;
    await produce(first, 1, 4);
    await settled(client, first);
    await first.close();
    await inState(client, 'waiting');
    await using second = await bareApp({}, port);
    // Before the client is back: what went wrong at the start is what one wants to see.
    await produce(second, 1, 3);
    await inState(client, 'live');
    await produce(second, 3, 5);
    await settled(client, second);
    expect(items.map(outline)).toEqual([1, 2, 3, 'lost', 1, 2, 3, 4]);
    expect(items[3]).toEqual({
      type: 'lost',
      reason: 'restarted',
      previousEpoch: epoch,
      epoch: client.hello!.epoch,
      cursor: expect.any(String),
    });
    expect(items[4]).toMatchObject({ epoch: client.hello!.epoch });
    expect(client.hello!.epoch).not.toBe(epoch);
  });
});

describe('a restart', () => {
  it('is announced once, also when connections break on the way', async () => {
    const first = await bareApp();
    await using proxy = await CuttingProxy.before(first.port);
    await using client = connect(proxy.url, QUICK);
    const items = itemsOf(client);
    await client.ready;
    await produce(first, 1, 4);
    await settled(client, first);
    await using second = await bareApp({ flush: { windowMs: 1, records: 4, bytes: 1_024 } });
    await produce(second, 1, 41);
    proxy.lead(second.port);
    for (let bytes = 400; bytes < 6_000; bytes += 150) {
      const { connections } = proxy;
      proxy.cutAfter(bytes);
      await first.close();
      await eventually(() => proxy.connections > connections || seqs(items).length === 43);
    }
    proxy.cutAfter(Number.POSITIVE_INFINITY);
    await settled(client, second);
    expect(items.map(outline)).toEqual([1, 2, 3, 'lost', ...range(1, 41)]);
  });

  it('is a gap as well when the new run does not have its first records any more', async () => {
    const first = await bareApp();
    await using proxy = await CuttingProxy.before(first.port);
    await using client = connect(proxy.url, QUICK);
    const items = itemsOf(client);
    await client.ready;
    await using second = await bareApp({ history: { records: 10 } });
    await produce(second, 1, 31);
    proxy.lead(second.port);
    await first.close();
    await eventually(() => seqs(items).length === 10);
    expect(items.map(outline)).toEqual(['lost', 'gap', ...range(21, 31)]);
    expect(items[1]).toMatchObject({ from: 1, to: 20, reason: 'evicted', epoch: client.hello!.epoch });
  });

  it('makes numbers of before mean nothing', async () => {
    const first = await bareApp({ history: { records: 5 } });
    const { port } = first;
    await produce(first, 1, 21);
    await using client = connect(first.url(), { ...QUICK, replay: { last: 10 } });
    const { epoch } = await client.ready;
    await first.close();
    await inState(client, 'waiting');
    await expect(client.history({ from: 1 })).rejects.toMatchObject({ code: 'not_connected' });
    await using second = await bareApp({}, port);
    await inState(client, 'live');
    await expect(client.history({ from: 1, to: 3, epoch })).rejects.toMatchObject({ code: 'restarted' });
    await produce(second, 1, 3);
    expect(await client.history({ from: 1 })).toMatchObject({
      records: [{ seq: 1 }, { seq: 2 }],
      missing: 0,
    });
  });
});

describe('a cursor that the server does not know', () => {
  it('is a loss, and then comes all that there is', async () => {
    await using app = await bareApp();
    await produce(app, 1, 4);
    await using client = connect(app.url(), { replay: { after: 'otherepoch-9' } });
    const items = itemsOf(client);
    await settled(client, app);
    await produce(app, 4, 6);
    await settled(client, app);
    expect(items.map(outline)).toEqual(['lost', 1, 2, 3, 4, 5]);
    expect(items[0]).toMatchObject({ reason: 'not_recovered' });
  });

  it('is a loss once, and then comes everything once, whatever is logged meanwhile', async () => {
    await using app = await bareApp({ flush: { windowMs: 0, records: 16, bytes: 2_048 } });
    let published = 0;
    for (let round = 0; round < 20; round++) {
      await using client = connect(app.url(), { replay: { after: 'otherepoch-9' } });
      const items = itemsOf(client);
      while (seqs(items).length < 20) await produce(app, (published += 1), published + 1, 1);
      await settled(client, app);
      expect(items.map(outline)).toEqual(['lost', ...range(1, published + 1)]);
    }
  });

  it('does not undo a change of the filter that was under way', async () => {
    await using app = await bareApp();
    await using client = connect(app.url(), { replay: { after: 'otherepoch-9' } });
    const items = itemsOf(client);
    // At once: the message that leads to asking anew may have come together with this one.
    const off = client.on('state', () => {
      off();
      void client.setFilter({ category: 'audit' });
    });
    await settled(client, app);
    await produce(app, 1, 11);
    await settled(client, app);
    expect(items.map(outline)).toEqual(['lost', 5, 10]);
  });

  it('is a loss also where no history is kept: once for each time', async () => {
    await using app = await bareApp({ history: false });
    await using client = connect(app.url(), { ...QUICK, replay: { last: 3 } });
    const items = itemsOf(client);
    await settled(client, app);
    await produce(app, 1, 3);
    await settled(client, app);
    app.peers[0]!.terminate();
    await inState(client, 'waiting');
    await settled(client, app);
    await produce(app, 3, 4);
    await settled(client, app);
    expect(items.map(({ type }) => type)).toEqual(['lost', 'system_log', 'system_log', 'lost', 'system_log']);
  });
});

describe('eviction', () => {
  it('is a gap whose account adds up, and that can not be fetched', async () => {
    await using app = await bareApp({ history: { records: 10 } });
    await using proxy = await CuttingProxy.before(app.port);
    await using client = connect(proxy.url, QUICK);
    const items = itemsOf(client);
    const { epoch } = await client.ready;
    await produce(app, 1, 4);
    await settled(client, app);
    proxy.refusing = true;
    proxy.cut();
    await inState(client, 'waiting');
    await produce(app, 4, 31);
    proxy.refusing = false;
    await settled(client, app);
    expect(seqs(items)).toEqual([1, 2, 3, ...range(21, 31)]);
    expect(gaps(items)).toEqual([
      {
        type: 'gap',
        from: 4,
        to: 20,
        count: 17,
        reason: 'evicted',
        fetchable: false,
        epoch,
        cursor: expect.any(String),
      },
    ]);
    expect(await client.history(gaps(items)[0]!)).toEqual({ records: [], missing: 17 });
  });

  it('is told once, also when the connection breaks right behind it', async () => {
    await using app = await bareApp({ history: { records: 10 } });
    await produce(app, 1, 4);
    await using probe = connect(app.url(), { replay: { last: 1 } });
    const [first] = await takeOne(probe);
    await produce(app, 4, 31);
    await using proxy = await CuttingProxy.before(app.port);
    const counted: number[] = [];
    for (let bytes = 100; bytes < 3_000; bytes += 50) {
      proxy.cutAfter(bytes);
      await using client = connect(proxy.url, { ...QUICK, replay: { after: first!.cursor } });
      const items = itemsOf(client);
      await eventually(() => seqs(items).length === 10);
      counted.push(gaps(items).length);
      expect(seqs(items)).toEqual(range(21, 31));
      proxy.cutAfter(Number.POSITIVE_INFINITY);
    }
    expect(new Set(counted)).toEqual(new Set([1]));
  });

  it('lets a client resume behind a gap', async () => {
    await using app = await bareApp({ history: { records: 10 } });
    await produce(app, 1, 4);
    await using probe = connect(app.url(), { replay: { last: 1 } });
    const [first] = await takeOne(probe);
    await produce(app, 4, 31);
    await using client = connect(app.url(), { replay: { after: first!.cursor } });
    const [gap] = await takeOne(client);
    expect(gap).toMatchObject({ type: 'gap', from: 4, to: 20 });
    await using other = connect(app.url(), { replay: { after: gap!.cursor } });
    const items = itemsOf(other);
    await settled(other, app);
    expect(items.map(outline)).toEqual(range(21, 31));
  });
});

describe('history', () => {
  it('answers in pages, through the filter', async () => {
    await using app = await bareApp();
    await produce(app, 1, 31);
    await using client = connect(app.url(), { filter: { category: 'audit' } });
    await client.ready;
    const page = await client.history({ from: 1, to: 20, limit: 3 });
    expect(seqs(page.records)).toEqual([5, 10, 15]);
    expect(page).toMatchObject({ missing: 0, next: 16 });
    expect(seqs((await client.history({ from: page.next!, to: 20 })).records)).toEqual([20]);
    await using other = connect(app.url(), { replay: { after: page.records[1]!.cursor } });
    const items = itemsOf(other);
    await settled(other, app);
    expect(seqs(items)).toEqual(range(11, 31));
  });

  it('rejects with the place of the mistake', async () => {
    await using app = await bareApp();
    await using client = connect(app.url());
    await client.ready;
    await expect(client.history({ from: 0 })).rejects.toMatchObject({
      code: 'invalid_range',
      path: 'data.from',
    });
  });
});

async function takeOne(client: AsyncIterable<LogStreamItem>): Promise<LogStreamItem[]> {
  for await (const item of client) return [item];
  return [];
}
