import fc from 'fast-check';
import { type FilterSpec } from 'nestjs-log-stream';
import { describe, expect, it } from 'vitest';
import { bareApp } from '../harness/bare-app.js';
import { turns } from '../harness/event-loop.js';
import { Ledger, positionOf } from '../harness/ledger.js';
import { produce, range, recordsOf } from '../harness/produce.js';
import { type StreamClient } from '../harness/stream-client.js';
import { runs } from '../harness/property-runs.js';

const resuming = (cursor: string): Record<string, string> => ({ 'Last-Event-ID': cursor });

describe('a client of the stream over HTTP that comes back', () => {
  it.each(['sse', 'ndjson'])(
    'with Last-Event-ID gets what it missed, and nothing twice: %s',
    async (format) => {
      await using app = await bareApp();
      const before = await app.read(`format=${format}`);
      await produce(app, 0, 40);
      await before.message('39');
      await before.break();
      await produce(app, 40, 90);
      await using after = await app.read(`format=${format}`, resuming(before.cursor!));
      const done = await after.first('caught_up');
      const end = app.stream.cursors.format(91);
      expect(done).toMatchObject({ data: { recovered: true, missing: 0, cursor: end }, cursor: end });
      expect([...before.seqs, ...after.seqs]).toEqual(range(1, 91));
    },
  );

  it('is taken by the header, not by where its URL once began', async () => {
    await using app = await bareApp();
    await produce(app, 0, 20);
    const { cursors } = app.stream;
    await using client = await app.read(`after=${cursors.format(3)}&replay=20`, resuming(cursors.format(18)));
    await client.first('caught_up');
    expect(client.seqs).toEqual([18, 19, 20]);
    await using byUrl = await app.read(`after=${cursors.format(19)}`, { 'Last-Event-ID': '' });
    await byUrl.first('caught_up');
    expect(byUrl.seqs).toEqual([19, 20]);
  });

  it.each(['sse', 'ndjson'])(
    'after a restart starts with what comes now, and knows it: %s',
    async (format) => {
      await using app = await bareApp();
      await produce(app, 0, 5);
      await using client = await app.read(`format=${format}`, resuming('other-3'));
      const done = await client.first('caught_up');
      const cursor = app.stream.cursors.format(6);
      expect(done.data).toEqual({ recovered: false, missing: null, cursor });
      // No newer cursor comes before this: whoever broke off in between would not know what it has missed.
      expect(client.frames.map((frame) => [frame.type, frame.cursor])).toEqual([
        ['heartbeat', undefined],
        ['caught_up', cursor],
      ]);
      app.stream.publish({ message: 'now' });
      await client.message('now');
      expect(client.seqs).toEqual([6]);
    },
  );

  it('with its place evicted is told exactly what is gone, and stands behind it', async () => {
    await using app = await bareApp({ history: { records: 20 } });
    await produce(app, 0, 100);
    const { cursors } = app.stream;
    await using client = await app.read('', resuming(cursors.format(51)));
    const done = await client.first('caught_up');
    expect(client.all('gap')).toEqual([
      {
        type: 'gap',
        data: { from: 51, to: 80, count: 30, reason: 'evicted', fetchable: false },
        items: [],
        cursor: cursors.format(81),
      },
    ]);
    expect(client.seqs).toEqual(range(81, 101));
    expect(done.data).toEqual({ recovered: false, missing: 30, cursor: cursors.format(101) });
    expect(client.blocks.map(({ type }) => type)).toEqual([
      undefined,
      'gap',
      ...range(81, 101).map((seq) => app.stream.history.at(seq)!.category + '_log'),
      'caught_up',
    ]);
  });

  it('that broke off at once can resume from its very first cursor', async () => {
    await using app = await bareApp();
    const first = await app.read();
    await first.until(() => first.cursor !== undefined);
    await first.break();
    await produce(app, 0, 10);
    await using again = await app.read('', resuming(first.cursor!));
    await again.first('caught_up');
    expect(again.seqs).toEqual(range(1, 11));
  });
});

/** The last record of a run passes all of them. */
const FILTERS: readonly { readonly query: string; readonly filter: FilterSpec }[] = [
  { query: '', filter: {} },
  { query: 'category=audit', filter: { category: 'audit' } },
  { query: 'level=ERROR', filter: { level: 'ERROR' } },
  { query: 'where.kind=1', filter: { where: { kind: '1' } } },
];

const round = fc.record({
  /** Published while the client connects, and while it reads. */
  bursts: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
  pause: fc.nat({ max: 4 }),
  /** Published while nobody is there. */
  alone: fc.nat({ max: 60 }),
});

describe('reading in pieces, by Last-Event-ID, while records are published', () => {
  it('leaves no hole and brings nothing twice, and what is gone is told', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(round, { minLength: 1, maxLength: 6 }),
        fc.constantFrom(...FILTERS),
        fc.constantFrom('sse', 'ndjson'),
        fc.constantFrom(30, 10_000),
        async (rounds, { query, filter }, format, records) => {
          await using app = await bareApp({ history: { records }, flush: { windowMs: 1 } });
          const produced = recordsOf(app);
          let n = 0;
          const publish = (count: number): Promise<void> => produce(app, n, (n += count));
          let cursor: string | undefined;
          let ledger: Ledger | undefined;
          const book = (client: StreamClient): void => {
            for (const frame of client.frames) {
              if (!ledger && frame.cursor) {
                ledger = new Ledger(produced, positionOf(frame.cursor));
                ledger.filter(filter);
              }
              ledger?.book(frame);
            }
            cursor = client.cursor ?? cursor;
          };
          const connect = (): Promise<StreamClient> =>
            app.read(`format=${format}&${query}`, cursor === undefined ? {} : resuming(cursor));
          for (const { bursts, pause, alone } of rounds) {
            const [client] = await Promise.all([connect(), publish(bursts[0]!)]);
            for (const burst of bursts.slice(1)) await publish(burst);
            await turns(pause);
            await client.break();
            book(client);
            await publish(alone);
          }
          const last = await connect();
          app.stream.publish({ message: 'last', level: 'ERROR', is_audit: true, kind: 1 });
          await last.message('last');
          await last.break();
          book(last);
          expect(ledger!.position).toBe(app.stream.history.end);
        },
      ),
      { numRuns: runs(60) },
    );
  });
});
