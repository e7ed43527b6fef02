import { copyFileSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { lowSpace, replaced } from '../../../src/trail/store/store.messages.js';
import { batch, hasSqlite, openWriter, record, storedData, TrailDirectory, whyNoSqlite } from './a-trail.js';
import { SmallDisk, whyNoSmallDisk } from './small-disk.js';
import { TrailProcess } from './trail-process.js';

const WAIT = { timeout: 15_000 };
const PADDING = 'x'.repeat(4_000);

describe.skipIf(!hasSqlite)(`A trail and its disk${whyNoSqlite}`, () => {
  it('refuses a whole batch that does not fit, and takes the next one that does', async () => {
    await using directory = new TrailDirectory();
    const writer = openWriter(directory, { space: { lowBytes: 0, ballastBytes: 0 } });
    const { db } = writer.started;
    writer.append(batch(record(1)));
    // SQLite answers SQLITE_FULL in the middle of the batch, and has rolled back by then.
    db.exec('PRAGMA max_page_count = 40');
    const large = batch(...Array.from({ length: 50 }, (_, i) => record(i, { PADDING })));
    expect(() => writer.append(large)).toThrow(expect.objectContaining({ code: 'full', final: false }));
    expect(() => writer.append(large)).toThrow(expect.objectContaining({ code: 'full' }));
    expect(writer.last).toBe(1);
    expect(writer.append(batch(record(2))).seqs).toEqual([2]);
    db.exec('PRAGMA max_page_count = 4294967294');
    expect(writer.append(large).seqs.at(-1)).toBe(52);
    writer.close();
    expect(await storedData(directory.file)).toHaveLength(52);
  });

  it('stops for good when something else wrote to the file', async () => {
    await using directory = new TrailDirectory();
    const writer = openWriter(directory);
    writer.append(batch(record(1)));
    writer.started.db.exec(
      `INSERT INTO entries (seq, chain, payload) SELECT 2, chain, json_set(payload, '$.data.id', 'x') FROM entries`,
    );
    expect(() => writer.append(batch(record(2)))).toThrow(expect.objectContaining({ code: 'corrupt' }));
    expect(() => writer.append(batch(record(2)))).toThrow(expect.objectContaining({ final: true }));
    writer.close();
  });

  it.skipIf(whyNoSmallDisk)(
    `gives up its ballast on a full disk, then spools, and brings all back when there is room${whyNoSmallDisk}`,
    async () => {
      using disk = SmallDisk.mount('3m')!;
      await using directory = new TrailDirectory();
      const file = join(disk.path, 'audit.db');
      const store = await directory.open({ file, space: { lowBytes: 0, ballastBytes: 262_144 } });
      const acknowledged: string[] = [];
      let number = 0;
      const append = async (): Promise<void> => {
        const { id } = await store.append(record((number += 1), { PADDING }));
        acknowledged.push(id);
      };
      await append();
      expect(existsSync(`${file}.ballast`)).toBe(true);
      writeFileSync(join(disk.path, 'filler'), Buffer.alloc(900_000));
      await expect(
        (async () => {
          for (;;) await append();
        })(),
      ).rejects.toMatchObject({ code: 'full', final: false });
      expect(existsSync(`${file}.ballast`)).toBe(false);
      expect(store.status).toMatchObject({ state: 'failing', problem: { code: 'full' } });
      // The last page of the disk may be had by the spool, or by nobody.
      const kept = await Promise.all(
        Array.from({ length: 300 }, (_, i) => store.keep(record(i, { id: `kept-${i}`, PADDING }))),
      );
      const counted = kept.filter((one) => one.kept === 'counted').length;
      expect(store.status.lost).toBe(counted);
      rmSync(join(disk.path, 'filler'));
      await vi.waitUntil(
        async () => (await store.append(record(0)).catch(() => undefined)) !== undefined,
        WAIT,
      );
      await vi.waitUntil(() => store.status.spooled === 0, WAIT);
      await store.close();
      const data = await storedData(file);
      const ids = new Set(data.map(({ id }) => id));
      expect(ids.size).toBe(data.length);
      expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
      expect(kept.filter((one) => one.kept !== 'counted' && !ids.has(one.id!))).toEqual([]);
      const gaps = data.filter(({ reason }) => reason === 'spool_full');
      expect(gaps.reduce((sum, { count }) => sum + Number(count ?? 0), 0)).toBe(counted);
    },
  );

  it.skipIf(process.platform === 'win32')('survives that its file may not grow any more', async () => {
    await using directory = new TrailDirectory();
    await using child = new TrailProcess('limited', directory.file, 600);
    expect(await child.ended()).toBe(0);
    expect(child.said('refused')).toEqual(['io']);
    expect(child.said('state')).toEqual(['failing']);
    // A single small one may still fit.
    const kept = child.said('kept')[0]!.split(',');
    expect(kept.filter((where) => where === 'spool').length).toBeGreaterThan(30);
    expect(kept).not.toContain('counted');
    const acknowledged = Number(child.said('acknowledged')[0]);
    const store = await directory.open();
    await store.close();
    const ids = (await storedData(directory.file)).map(({ id }) => id);
    expect(acknowledged).toBeGreaterThan(100);
    expect(ids.slice(0, acknowledged)).toEqual(Array.from({ length: acknowledged }, (_, i) => `${i}`));
    expect(ids.slice(acknowledged)).toEqual(kept.map((_, i) => `kept-${i}`));
  });

  it.skipIf(whyNoSmallDisk)(`says so when it may only be read${whyNoSmallDisk}`, async () => {
    using disk = SmallDisk.mount('1m')!;
    await using directory = new TrailDirectory();
    const file = join(disk.path, 'audit.db');
    const store = await directory.open({ file, space: { lowBytes: 0, ballastBytes: 0 } });
    await store.append(record(1));
    await store.close();
    disk.readOnly();
    await expect(directory.open({ file })).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining('Check that this user may read and write the file and its directory'),
    });
    // It can still be read.
    expect(await storedData(file)).toHaveLength(1);
  });

  it('refuses intents, and only those, while the disk runs low', async () => {
    await using directory = new TrailDirectory();
    const lowBytes = 2 ** 46;
    const store = await directory.open({ space: { lowBytes, ballastBytes: 0 } });
    await vi.waitUntil(() => store.status.lowSpace, WAIT);
    const refusal = await store
      .append({ kind: 'intent', stream: null, instance: 'test:1', data: {} })
      .catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'low_space', final: false });
    const free = Number(/has (\d+) bytes/.exec(String(refusal))?.[1]);
    expect(String(refusal)).toBe(`TrailError: ${lowSpace(directory.file, free, lowBytes)}`);
    await expect(store.append(record(1))).resolves.toMatchObject({ seq: 1 });
  });

  const LOSSES: [what: string, which: string, lose: (path: string) => void][] = [
    ['deleted', '', (path) => rmSync(path)],
    ['deleted, its log only', '-wal', (path) => rmSync(path)],
    [
      'replaced by a copy',
      '',
      (path) => {
        copyFileSync(path, `${path}.copy`);
        renameSync(`${path}.copy`, path);
      },
    ],
  ];

  it.each(LOSSES)('fails loudly when its file is %s', async (_, which, lose) => {
    await using directory = new TrailDirectory();
    const store = await directory.open();
    await store.append(record(1));
    lose(directory.file + which);
    await expect(store.append(record(2))).rejects.toMatchObject({
      code: 'replaced',
      message: replaced(directory.file + which),
      final: true,
    });
    expect(store.status).toMatchObject({ state: 'failed', problem: { code: 'replaced' } });
    await expect(store.append(record(3))).rejects.toMatchObject({ code: 'replaced' });
    expect(await store.keep(record(4))).toMatchObject({ kept: 'spool' });
  });

  it('notices the loss of its file also when nothing is written', async () => {
    await using directory = new TrailDirectory();
    const store = await directory.open();
    await store.append(record(1));
    const failed = new Promise<string>((resolve) => {
      store.onStatus(({ state }) => resolve(state));
    });
    rmSync(directory.file);
    expect(await failed).toBe('failed');
  });
});
