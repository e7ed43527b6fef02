import { statSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { type TrailStore } from '../../../src/trail/store/trail-store.js';
import {
  batch,
  hasSqlite,
  openWriter,
  rawDatabase,
  record,
  storedData,
  TrailDirectory,
  verified,
  whyNoSqlite,
} from './a-trail.js';

/** When the entry with this number was logged. */
const timeOf = (number: number): string => String(record(number).data['timestamp']);
const numbers = (data: readonly { [field: string]: unknown }[]): unknown[] =>
  data.map(({ number }) => number).filter((number) => number !== undefined);
const from = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);

/** Entries 1 to 100, each with its number as position and second, under a checkpoint every ten. */
async function filled(directory: TrailDirectory): Promise<TrailStore> {
  const store = await directory.open({ checkpoint: { records: 10 } });
  await store.beginEpoch('epoch-1');
  for (let first = 1; first <= 100; first += 10) {
    const padding = 'x'.repeat(1_000);
    await Promise.all(from(first, first + 9).map((number) => store.append(record(number, { padding }))));
    await store.checkpoint();
  }
  return store;
}

describe.skipIf(!hasSqlite)(`The retention of a trail${whyNoSqlite}`, () => {
  it('deletes what is old, to a signed checkpoint, and the rest can still be verified', async () => {
    await using directory = new TrailDirectory();
    const store = await filled(directory);
    const before = (await store.summary()).bytes;
    expect(await store.prune({ olderThan: timeOf(58) })).toEqual({
      count: 50,
      from: 1,
      through: 50,
      heldBy: [],
    });
    expect((await store.query({ limit: 500 })).entries[0]?.seq).toBe(51);
    const [pruned] = (await store.query({ kinds: ['pruned'] })).entries;
    expect(pruned).toMatchObject({
      seq: 101,
      data: { from: 1, through: 50, count: 50, bounds: { olderThan: timeOf(58) } },
    });
    expect(await store.summary()).toMatchObject({ first: 51, last: 101, prunedThrough: 50 });
    await store.append(record(101));
    await store.close();
    expect(statSync(directory.file).size).toBeLessThan(before * 0.75);
    expect(await verified(directory.file)).toMatchObject({
      verdict: 'ok',
      entries: 52,
      prunedThrough: 50,
      signedThrough: 102,
      anchoredThrough: 102,
    });
    const again = await directory.open();
    expect(await again.prune({ olderThan: '2999-01-01' })).toMatchObject({ from: 51, through: 102 });
    await again.close();
    expect(await verified(directory.file)).toMatchObject({ verdict: 'ok', entries: 1, prunedThrough: 102 });
  });

  it('deletes nothing when nothing is old enough, and wants a bound', async () => {
    await using directory = new TrailDirectory();
    const store = await filled(directory);
    expect(await store.prune({ olderThan: timeOf(10) })).toEqual({ count: 0, heldBy: [] });
    expect(await store.prune({ keepBytes: 10 ** 9 })).toEqual({ count: 0, heldBy: [] });
    await expect(store.prune({})).rejects.toMatchObject({ code: 'invalid_query' });
    await expect(store.prune({ keepBytes: -1 })).rejects.toMatchObject({ code: 'invalid_query' });
    await expect(store.prune({ olderThan: 'x' })).rejects.toMatchObject({ code: 'invalid_query' });
    await store.close();
    expect(numbers(await storedData(directory.file))).toEqual(from(1, 100));
  });

  it('keeps a size', async () => {
    await using directory = new TrailDirectory();
    const store = await filled(directory);
    const { bytes } = await store.summary();
    const { through } = await store.prune({ keepBytes: bytes / 2 });
    expect(through).toBeGreaterThanOrEqual(40);
    expect(through).toBeLessThanOrEqual(60);
    expect((await store.summary()).bytes).toBeLessThan(bytes * 0.75);
    await store.close();
    expect(numbers(await storedData(directory.file))).toEqual(from(through! + 1, 100));
  });

  it('deletes nothing that a hold keeps until it is released, and both are entries', async () => {
    await using directory = new TrailDirectory();
    const store = await filled(directory);
    const all = { olderThan: '2999-01-01' };
    await store.append(record(101, { action: 'invoice_sent' }));
    const { hold } = await store.holds.place({ reason: 'case 7', from: timeOf(34), to: timeOf(36) });
    await store.holds.place({ id: 'invoices', reason: 'audit', action: 'invoice_*' });
    expect(await store.holds.active()).toMatchObject([
      { id: hold, seq: 102, reason: 'case 7', from: timeOf(34), to: timeOf(36) },
      { id: 'invoices', seq: 103, reason: 'audit', action: 'invoice_*' },
    ]);
    expect(await store.prune(all)).toEqual({ count: 30, from: 1, through: 30, heldBy: [hold, 'invoices'] });
    expect(await store.prune(all)).toEqual({ count: 0, heldBy: [hold, 'invoices'] });
    await expect(store.holds.release('other', 'over')).rejects.toMatchObject({ code: 'invalid_query' });
    await store.holds.release(hold, 'case 7 is closed');
    // The last checkpoint before the invoice.
    expect(await store.prune(all)).toEqual({ count: 70, from: 31, through: 100, heldBy: ['invoices'] });
    await store.holds.release('invoices', 'done');
    expect(await store.prune(all)).toMatchObject({ from: 101, heldBy: [] });
    expect(await store.holds.active()).toEqual([]);
    await store.close();
    expect(numbers(await storedData(directory.file))).toEqual([]);
    await expect(store.holds.place({ reason: '' })).rejects.toMatchObject({ code: 'invalid_query' });
    await expect(store.holds.place({ reason: 'x', from: 'y' })).rejects.toMatchObject({
      code: 'invalid_query',
    });
  });

  it('keeps everything under a hold without bounds', async () => {
    await using directory = new TrailDirectory();
    const store = await filled(directory);
    const { hold } = await store.holds.place({ reason: 'all of it' });
    expect(await store.prune({ olderThan: timeOf(1_000) })).toEqual({ count: 0, heldBy: [hold] });
  });

  it('commits go on while it deletes', async () => {
    await using directory = new TrailDirectory();
    const store = await directory.open();
    await Promise.all(from(1, 6_000).map((number) => store.append(record(number))));
    const pruning = store.prune({ olderThan: timeOf(7_000) });
    const state = { isPruning: true };
    void pruning.finally(() => (state.isPruning = false));
    let meanwhile = 0;
    while (state.isPruning) {
      await store.append(record(8_000 + meanwhile));
      if (state.isPruning) meanwhile += 1;
    }
    expect((await pruning).count).toBe(6_000);
    expect(meanwhile).toBeGreaterThan(0);
    await store.close();
    expect(await verified(directory.file)).toMatchObject({ verdict: 'ok', prunedThrough: 6_000 });
  });

  it('goes on at the next start when it was killed in the middle; nobody sees what is pruned', async () => {
    await using directory = new TrailDirectory();
    const writer = openWriter(directory);
    for (let first = 1; first <= 2_000; first += 500) {
      writer.append(batch(...from(first, first + 499).map((number) => record(number))));
      writer.checkpoint();
    }
    let steps = 0;
    const never = (): Promise<void> => new Promise((resolve) => void (++steps < 2 && resolve()));
    void writer.prune({ olderThan: timeOf(5_000) }, never);
    await vi.waitUntil(() => steps === 2);
    writer.started.db.close();
    writer.started.lock[Symbol.dispose]();
    const stored = (): unknown => {
      const db = rawDatabase(directory.file);
      const row = db.prepare('SELECT min(seq) AS first, count(*) AS count FROM entries').get();
      db.close();
      return { ...row };
    };
    expect(stored()).toEqual({ first: 1_001, count: 1_001 });
    expect(await verified(directory.file)).toMatchObject({ verdict: 'ok', entries: 1 });
    const store = await directory.open();
    expect((await store.query()).entries.map(({ seq }) => seq)).toEqual([2_001]);
    await vi.waitUntil(() => JSON.stringify(stored()).includes('"count":1}'), { timeout: 10_000 });
    await store.close();
    expect(await verified(directory.file)).toMatchObject({ verdict: 'ok', entries: 1, prunedThrough: 2_000 });
  });

  it('tells a client that what it has not seen is partly gone', async () => {
    await using directory = new TrailDirectory();
    const store = await filled(directory);
    await store.prune({ olderThan: timeOf(51) });
    expect(await store.positionAfter('epoch-1', 10)).toEqual({ seq: 50, complete: false });
    expect(await store.positionAfter('epoch-1', 49)).toEqual({ seq: 50, complete: false });
    expect(await store.positionAfter('epoch-1', 50)).toEqual({ seq: 50, complete: true });
    expect(await store.positionAfter('epoch-1', 70)).toEqual({ seq: 70, complete: true });
    expect(await store.countSince(10)).toBe(51);
  });
});
