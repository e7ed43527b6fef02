import fc from 'fast-check';
import { type FilterSpec } from 'nestjs-log-stream';
import { describe, expect, it } from 'vitest';
import { connect } from '../../src/client/index.js';
import { bareApp } from '../harness/bare-app.js';
import { turns } from '../harness/event-loop.js';
import { produce, recordsOf } from '../harness/produce.js';
import { CuttingProxy } from './harness/cutting-proxy.js';
import { account, gaps, itemsOf, settled, WEB_SOCKETS } from './harness/items.js';
import { runs } from '../harness/property-runs.js';

const FILTERS: readonly FilterSpec[] = [
  {},
  { category: 'audit' },
  { level: 'ERROR' },
  { not: { category: 'audit' } },
  { where: { kind: 1 } },
];

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('publish' as const),
      count: fc.integer({ min: 1, max: 60 }),
      burst: fc.integer({ min: 1, max: 30 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), turns: fc.nat({ max: 8 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('destroy' as const), client: fc.nat({ max: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cut' as const), after: fc.nat({ max: 6_000 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('pause' as const, 'resume' as const) }) },
);

describe.each(WEB_SOCKETS)('through resets, over $name,', ({ WebSocket }) => {
  it('delivered + filtered out + reported in gaps = produced, in order, none twice', async () => {
    const seen = { delivered: 0, gaps: 0, connections: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 15, maxLength: 50, size: 'max' }),
        fc.integer({ min: 20, max: 300 }),
        fc.constantFrom(0, 1, 20),
        async (steps, kept, windowMs) => {
          await using app = await bareApp({
            history: { records: kept },
            flush: { windowMs, records: 16, bytes: 2_048 },
          });
          const produced = recordsOf(app);
          await using proxy = await CuttingProxy.before(app.port);
          const clients = FILTERS.map((filter) =>
            connect(proxy.url, { filter, WebSocket, reconnect: { minMs: 1, maxMs: 4 } }),
          );
          const items = clients.map(itemsOf);
          await Promise.all(clients.map(({ ready }) => ready));
          let published = 0;
          const busy: Promise<void>[] = [];
          for (const action of steps) {
            if (action.do === 'publish') {
              // Not awaited: the steps that follow meet it.
              const [from, to] = [published, (published += action.count)];
              busy.push(produce(app, from, to, action.burst));
            } else if (action.do === 'wait') await turns(action.turns);
            else if (action.do === 'destroy') app.peers[action.client]?.terminate();
            else if (action.do === 'cut') proxy.cutAfter(action.after);
            else for (const client of clients) client[action.do]();
          }
          await Promise.all(busy);
          proxy.cutAfter(Number.POSITIVE_INFINITY);
          for (const client of clients) client.resume();
          for (const [index, client] of clients.entries()) {
            await settled(client, app);
            const { delivered } = account(items[index]!, produced, {
              filter: FILTERS[index]!,
              from: 1,
              to: published + 1,
            });
            seen.delivered += delivered;
            seen.gaps += gaps(items[index]!).length;
          }
          seen.connections += proxy.connections;
          await Promise.all(clients.map((client) => client.close()));
        },
      ),
      // Shrinking would not meet the same timing again; fast-check prints the seed.
      { numRuns: runs(40), endOnFailure: true },
    );
    expect(seen.delivered).toBeGreaterThan(1_000);
    expect(seen.gaps).toBeGreaterThan(0);
    expect(seen.connections).toBeGreaterThan(runs(40) * FILTERS.length);
  }, 60_000);
});
