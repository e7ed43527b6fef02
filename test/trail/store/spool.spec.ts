import fc from 'fast-check';
import { appendFileSync, copyFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { Spool } from '../../../src/trail/store/spool/spool.js';
import { type SqliteBackend } from '../../../src/trail/sqlite/sqlite-backend.js';
import { type TrailStore } from '../../../src/trail/store/trail-store.js';
import { hasSqlite, intent, record, storedData, TrailDirectory, whyNoSqlite } from './a-trail.js';
import { runs } from '../../harness/property-runs.js';

const WAIT = { timeout: 15_000 };

/** Ends the writer's thread, as a bug in it would. */
async function crash(store: TrailStore): Promise<void> {
  await (store['backend'] as SqliteBackend)['calls'].terminate();
}

async function drained(spool: Spool): Promise<string[]> {
  const all: string[] = [];
  await spool.drain(async (texts) => void all.push(...texts));
  return all;
}

describe('Spool', () => {
  it('hands over what it was given, in order, whatever it is', async () => {
    await using directory = new TrailDirectory();
    const spool = await Spool.open(join(directory.path, 'spool'), 10_000_000);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 300 }), { maxLength: 30 }),
        async (texts) => {
          const lines = texts.map((text) => JSON.stringify(text));
          expect(await Promise.all(lines.map((line) => spool.add(line)))).toEqual(lines.map(() => true));
          expect(spool.entries).toBe(lines.length);
          expect(await drained(spool)).toEqual(lines);
          expect(spool).toMatchObject({ entries: 0, bytes: 0, isEmpty: true });
        },
      ),
      { numRuns: runs(30) },
    );
    await spool.close();
  });

  it('hands over lines that are longer than what is read at once', async () => {
    await using directory = new TrailDirectory();
    const spool = await Spool.open(join(directory.path, 'spool'), 100_000_000);
    const lines = [3_000_000, 5, 1_048_575, 1_048_576].map((length) => 'ä'.repeat(length));
    for (const line of lines) await spool.add(line);
    expect(await drained(spool)).toEqual(lines);
    await spool.close();
  });

  it('keeps within its bound, and takes again what fits when it was emptied', async () => {
    await using directory = new TrailDirectory();
    const path = join(directory.path, 'spool');
    const spool = await Spool.open(path, 30);
    expect(
      await Promise.all(['123456789', '123456789', '123456789', '1'].map((line) => spool.add(line))),
    ).toEqual([true, true, true, false]);
    expect(await spool.add('1', 2)).toBe(true);
    expect(statSync(path).size).toBe(32);
    await drained(spool);
    expect(await spool.add('1')).toBe(true);
    await spool.close();
    expect(readFileSync(path, 'utf8')).toBe('1\n');
  });

  it('hands over again what was not taken, from where it was taken', async () => {
    await using directory = new TrailDirectory();
    const spool = await Spool.open(join(directory.path, 'spool'), 1_000);
    await spool.add('1');
    await expect(spool.drain(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await spool.add('2');
    expect(spool.entries).toBe(2);
    expect(await drained(spool)).toEqual(['1', '2']);
    await spool.close();
  });

  it('takes what comes while it hands over', async () => {
    await using directory = new TrailDirectory();
    const spool = await Spool.open(join(directory.path, 'spool'), 1_000);
    await spool.add('1');
    const all: string[] = [];
    await spool.drain(async (texts) => {
      all.push(...texts);
      if (texts.includes('1')) await spool.add('2');
    });
    expect(all).toEqual(['1', '2']);
    expect(spool.isEmpty).toBe(true);
    await spool.close();
  });

  it('goes on with what a run before left, without the line that its end cut off', async () => {
    await using directory = new TrailDirectory();
    const path = join(directory.path, 'spool');
    writeFileSync(path, 'one\ntwo\nthr');
    const spool = await Spool.open(path, 1_000);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(spool.entries).toBe(2);
    await spool.add('four');
    expect(await drained(spool)).toEqual(['one', 'two', 'four']);
    await spool.close();
  });

  it('is closed behind everything that was added', async () => {
    await using directory = new TrailDirectory();
    const path = join(directory.path, 'spool');
    const spool = await Spool.open(path, 1_000);
    const texts = ['one', 'two', 'three'];
    // The first is being written, and the others wait for that.
    const added = texts.map((text) => spool.add(text));
    await spool.close();
    expect(await Promise.all(added)).toEqual([true, true, true]);
    const again = await Spool.open(path, 1_000);
    expect(await drained(again)).toEqual(texts);
    await again.close();
  });
});

describe.skipIf(!hasSqlite)(`TrailStore.keep${whyNoSqlite}`, () => {
  it('keeps an entry in the trail while it works', async () => {
    await using directory = new TrailDirectory();
    const store = await directory.open();
    expect(await store.keep(record(1, { id: 'a' }))).toMatchObject({
      kept: 'trail',
      id: 'a',
      receipt: { seq: 1 },
    });
    expect(await store.keep({ ...record(2), kind: 'other' as 'record' })).toMatchObject({ kept: 'counted' });
    await vi.waitUntil(() => store.status.last === 2, WAIT);
    expect((await store.query({ kinds: ['gap'] })).entries[0]?.data).toMatchObject({
      reason: 'invalid_entry',
      count: 1,
    });
  });

  it('spools what the queue has no room for, and stores all of it, in order', async () => {
    await using directory = new TrailDirectory();
    const store = await directory.open({ queue: 100 });
    const kept = await Promise.all(Array.from({ length: 3_000 }, (_, i) => store.keep(record(i))));
    expect(kept.filter((one) => one.kept === 'trail').length).toBeGreaterThanOrEqual(100);
    expect(kept.filter((one) => one.kept === 'spool').length).toBeGreaterThan(0);
    expect(kept.filter((one) => one.kept === 'counted')).toEqual([]);
    await vi.waitUntil(() => store.status.spooled === 0, WAIT);
    await store.close();
    expect((await storedData(directory.file)).map(({ number }) => number)).toEqual(kept.map((_, i) => i));
    expect(statSync(`${directory.file}.spool`).size).toBe(0);
  });

  it('rejects what waits when the writer crashes, spools from then on, and stores that at the next start', async () => {
    await using directory = new TrailDirectory();
    const store = await directory.open();
    const intents = await Promise.all([store.append(intent(1)), store.append(intent(2))]);
    const waiting = Array.from({ length: 50 }, (_, i) => store.append(record(i)));
    const results = Promise.allSettled(waiting);
    await crash(store);
    for (const result of await results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'crashed', final: true });
    }
    await expect(store.append(record(51))).rejects.toMatchObject({ code: 'crashed' });
    expect(store.status).toMatchObject({ state: 'failed', problem: { code: 'crashed' } });
    const kept = await store.keep(record(52, { id: 'late', intent: intents[0]!.id }));
    expect(kept).toEqual({ kept: 'spool', id: 'late' });
    await store.close();
    const next = await directory.open();
    expect((await next.query({ id: 'late' })).entries).toHaveLength(1);
    // The spool answered one of the two.
    expect((await next.openIntents()).map(({ id }) => id)).toEqual(['intent-2']);
    expect(next.status.spooled).toBe(0);
  });

  it('stores an entry once when a crash comes between storing it and emptying the spool', async () => {
    await using directory = new TrailDirectory();
    const spool = `${directory.file}.spool`;
    const store = await directory.open();
    await crash(store);
    await store.keep(record(1, { id: 'a' }));
    await store.keep(record(2, { id: 'b' }));
    await store.close();
    copyFileSync(spool, `${spool}.before`);
    await (await directory.open()).close();
    copyFileSync(`${spool}.before`, spool);
    await (await directory.open()).close();
    expect((await storedData(directory.file)).map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('counts what the spool cannot take either, and says so when it works again', async () => {
    await using directory = new TrailDirectory();
    const store = await directory.open({ queue: 10, spoolBytes: 2_000 });
    const kept = await Promise.all(Array.from({ length: 200 }, (_, i) => store.keep(record(i))));
    const counted = kept.filter((one) => one.kept === 'counted').length;
    expect(counted).toBeGreaterThan(0);
    expect(store.status.lost).toBe(counted);
    await store.close();
    const data = await storedData(directory.file);
    const gaps = data.filter(({ reason }) => reason === 'spool_full');
    // The first says that there is something to count, the other counts.
    expect(gaps).toHaveLength(2);
    expect(gaps[0]).not.toHaveProperty('count');
    expect(gaps[1]).toMatchObject({ count: counted, from: expect.any(String), to: expect.any(String) });
    expect(data).toHaveLength(200 - counted + 2);
  });

  it('leaves word of what was lost when it ends without having stored it', async () => {
    await using directory = new TrailDirectory();
    const store = await directory.open({ spoolBytes: 1_000 });
    await crash(store);
    const kept = await Promise.all(Array.from({ length: 20 }, (_, i) => store.keep(record(i))));
    await store.close();
    const counted = kept.filter((one) => one.kept === 'counted').length;
    await (await directory.open()).close();
    const gaps = (await storedData(directory.file)).filter(({ reason }) => reason === 'spool_full');
    expect(gaps.map(({ count }) => count)).toEqual([undefined, counted]);
  });

  it('counts lines of the spool that were damaged', async () => {
    await using directory = new TrailDirectory();
    const store = await directory.open();
    await crash(store);
    await store.keep(record(1));
    await store.close();
    appendFileSync(`${directory.file}.spool`, '{"damaged\n{}\n');
    const next = await directory.open();
    await next.close();
    expect((await storedData(directory.file)).map(({ count, reason }) => [count, reason])).toEqual([
      [undefined, undefined],
      [2, 'spool_damaged'],
    ]);
    truncateSync(`${directory.file}.spool`, 0);
  });
});
