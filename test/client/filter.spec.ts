import fc from 'fast-check';
import { type FilterSpec } from 'nestjs-log-stream';
import { describe, expect, it } from 'vitest';
import { connect, type FilterChange, type LogStreamItem } from '../../src/client/index.js';
import { bareApp } from '../harness/bare-app.js';
import { turns } from '../harness/event-loop.js';
import { positionOf } from '../harness/ledger.js';
import { produce, range, recordsOf } from '../harness/produce.js';
import { CuttingProxy } from './harness/cutting-proxy.js';
import { account, inState, itemsOf, seqs, settled } from './harness/items.js';
import { runs } from '../harness/property-runs.js';

const FILTERS: readonly FilterSpec[] = [
  {},
  { category: 'audit' },
  { level: 'ERROR' },
  { where: { kind: 1 } },
  { search: '3' },
];

describe('setFilter', () => {
  it('replaces the filter without a new connection: nothing is missed or repeated', async () => {
    await using app = await bareApp();
    await using client = connect(app.url());
    const items = itemsOf(client);
    const states: string[] = [];
    client.on('state', ({ name }) => states.push(name));
    await client.ready;
    await produce(app, 1, 11);
    await settled(client, app);
    await client.setFilter({ category: 'audit' });
    await produce(app, 11, 21);
    await settled(client, app);
    expect(seqs(items)).toEqual([...range(1, 11), 15, 20]);
    expect(client.filter).toEqual({ category: 'audit' });
    expect(states).toEqual(['live']);
  });

  it('replays when it is asked to, and tells where that begins among the items', async () => {
    await using app = await bareApp();
    await produce(app, 1, 11);
    await using client = connect(app.url());
    const heard: (number | string)[] = [];
    client.subscribe((item) => 'seq' in item && heard.push(item.seq));
    client.on('filter', ({ replay }) => heard.push(JSON.stringify(replay)));
    client.on('state', ({ name }) => heard.push(name));
    await client.ready;
    await produce(app, 11, 13);
    await settled(client, app);
    await client.setFilter({ level: 'ERROR' }, { replay: { last: 1 } });
    await settled(client, app);
    expect(heard).toEqual(['live', 11, 12, '{"last":1}', 'catching_up', 7, 'live']);
  });

  it('rejects with the place of the mistake, and nothing has changed', async () => {
    await using app = await bareApp();
    await using client = connect(app.url(), { filter: { level: 'ERROR' } });
    const items = itemsOf(client);
    await client.ready;
    await expect(client.setFilter({ not: { levels: ['LOUD' as 'INFO'] } })).rejects.toMatchObject({
      name: 'LogStreamError',
      code: 'invalid_filter',
      path: 'data.filter.not.levels[0]',
    });
    await produce(app, 1, 15);
    await settled(client, app);
    expect(seqs(items)).toEqual([7, 14]);
    expect(client.filter).toEqual({ level: 'ERROR' });
  });

  it('rejects what is larger than the server takes, before it is sent', async () => {
    await using app = await bareApp();
    await using client = connect(app.url());
    await client.ready;
    const { message_bytes: most } = client.hello!.limits;
    await expect(client.setFilter({ search: 'ä'.repeat(most / 2) })).rejects.toMatchObject({
      code: 'message_too_large',
    });
    expect(await client.ping()).toBeGreaterThan(0);
  });

  it('waits for a connection, and asks again when it breaks before the answer', async () => {
    await using app = await bareApp();
    await using proxy = await CuttingProxy.before(app.port);
    await using client = connect(proxy.url, { reconnect: { minMs: 1 } });
    const items = itemsOf(client);
    const early = client.setFilter({ level: 'ERROR' });
    await early;
    await produce(app, 1, 8);
    await settled(client, app);
    const change = client.setFilter({ category: 'audit' });
    proxy.cut();
    await inState(client, 'waiting');
    await change;
    await produce(app, 8, 21);
    await settled(client, app);
    expect(seqs(items)).toEqual([7, 10, 15, 20]);
  });

  it('rejects when the client is closed', async () => {
    await using app = await bareApp();
    const client = connect(app.url());
    const change = client.setFilter({});
    await client.close();
    await expect(change).rejects.toMatchObject({ code: 'closed' });
    await expect(client.setFilter({})).rejects.toMatchObject({ code: 'closed' });
  });

  it('holds the account under load and resets', async () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ do: fc.constant('publish'), n: fc.integer({ min: 1, max: 60 }) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('wait'), n: fc.nat({ max: 6 }) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('cut'), n: fc.nat({ max: 4_000 }) }) },
      {
        weight: 2,
        arbitrary: fc.record({ do: fc.constant('filter'), n: fc.nat({ max: FILTERS.length - 1 }) }),
      },
    );
    let changes = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 40, size: 'max' }), async (steps) => {
        await using app = await bareApp({ flush: { windowMs: 1, records: 16, bytes: 2_048 } });
        const produced = recordsOf(app);
        await using proxy = await CuttingProxy.before(app.port);
        await using client = connect(proxy.url, { reconnect: { minMs: 1, maxMs: 4 } });
        let items: LogStreamItem[] = [];
        const parts: { items: LogStreamItem[]; filter: FilterSpec; from: number; to: number }[] = [];
        let current: Pick<FilterChange, 'filter'> & { from: number } = { filter: {}, from: 1 };
        const next = (to: number): void => void parts.push({ ...current, items, to });
        client.subscribe((item) => items.push(item));
        client.on('filter', ({ filter, cursor }) => {
          next(positionOf(cursor));
          current = { filter, from: positionOf(cursor) };
          items = [];
        });
        await client.ready;
        let published = 0;
        const busy: Promise<void>[] = [];
        for (const { do: action, n } of steps) {
          if (action === 'publish') busy.push(produce(app, published, (published += n)));
          else if (action === 'wait') await turns(n);
          else if (action === 'cut') proxy.cutAfter(n);
          else busy.push(client.setFilter(FILTERS[n]!));
        }
        proxy.cutAfter(Number.POSITIVE_INFINITY);
        await Promise.all(busy);
        await settled(client, app);
        next(published + 1);
        for (const part of parts) account(part.items, produced, part);
        changes += parts.length - 1;
      }),
      { numRuns: runs(40), endOnFailure: true },
    );
    expect(changes).toBeGreaterThan(50);
  }, 60_000);
});
