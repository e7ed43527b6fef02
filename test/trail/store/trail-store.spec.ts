import fc from 'fast-check';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { readdir, readlink } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';
import { TrailQueueFull } from '../../../src/trail/store/trail-error.js';
import { TrailReader } from '../../../src/trail/sqlite/reader/trail-reader.js';
import { activeResources, addedResources } from '../../harness/own-timers.js';
import { hasSqlite, record, storedData, TrailDirectory, whyNoSqlite } from './a-trail.js';
import { runs } from '../../harness/property-runs.js';

describe.skipIf(!hasSqlite)(`TrailStore${whyNoSqlite}`, () => {
  it('acknowledges an entry with its place and the chain up to it', async () => {
    await using directory = new TrailDirectory();
    const store = await directory.open();
    const first = await store.append(record(1, { id: 'a' }));
    const second = await store.append(record(2));
    expect(first).toEqual({ id: 'a', seq: 1, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(second.seq).toBe(2);
    expect(second.id).toMatch(/^[0-9a-f-]{36}$/);
    await store.close();
    using reader = TrailReader.open(directory.file);
    const rows = [...reader.rows()];
    expect(rows.map(({ chain }) => Buffer.from(chain).toString('hex'))).toEqual([first.hash, second.hash]);
    expect(JSON.parse(rows[0]!.payload)).toEqual({ v: 1, seq: 1, ...record(1, { id: 'a' }) });
  });

  it('numbers 5,000 parallel entries without a hole, in the order in which they were appended', async () => {
    await using directory = new TrailDirectory();
    const store = await directory.open();
    const receipts = await Promise.all(Array.from({ length: 5_000 }, (_, i) => store.append(record(i))));
    expect(receipts.map(({ seq }) => seq)).toEqual(receipts.map((_, index) => index + 1));
    // Whoever comes in one turn of the event loop shares a commit: 1,000 at most.
    expect(store.status).toMatchObject({ state: 'ok', committed: 5_000, commits: 5, queued: 0, last: 5_000 });
    await store.close();
    expect((await storedData(directory.file)).map(({ number }) => number)).toEqual(receipts.map((_, i) => i));
  });

  it('fixes an entry when it is appended', async () => {
    await using directory = new TrailDirectory();
    const store = await directory.open();
    const entry = record(1, { id: 'a' });
    const appended = store.append(entry);
    entry.data['message'] = 'something else';
    await appended;
    expect((await store.query()).entries[0]?.data['message']).toBe('role changed 1');
  });

  it('stores an entry once, however often it comes, and no other one under its id', async () => {
    await using directory = new TrailDirectory();
    const store = await directory.open();
    const first = await store.append(record(1, { id: 'a' }));
    const results = await Promise.allSettled([
      store.append(record(1, { id: 'a' })),
      store.append(record(2, { id: 'a' })),
      store.append(record(3, { id: 'b' })),
    ]);
    expect(results).toMatchObject([
      { status: 'fulfilled', value: first },
      { status: 'rejected', reason: { code: 'invalid_entry', final: false } },
      { status: 'fulfilled', value: { id: 'b', seq: 2 } },
    ]);
  });

  it('refuses what can never be stored, and takes the rest of the batch', async () => {
    await using directory = new TrailDirectory();
    const store = await directory.open();
    let deep: Record<string, never> = {};
    for (let depth = 0; depth < 1_500; depth += 1) deep = { deep } as never;
    const wrong = [
      record(1, { timestamp: 'yesterday' }),
      record(1, { text: 'x'.repeat(1024 * 1024) }),
      { ...record(1), kind: 'other' as 'record' },
      { ...record(1), stream: { epoch: 'e', seq: 1.5 } },
      record(1, deep),
    ];
    const results = await Promise.allSettled([
      ...wrong.map((entry) => store.append(entry)),
      store.append(record(2)),
    ]);
    for (const result of results.slice(0, -1)) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'invalid_entry' } });
    }
    expect(results.at(-1)).toMatchObject({ status: 'fulfilled', value: { seq: 1 } });
    expect(store.status.state).toBe('ok');
  });

  it('stores any plain data as it is, texts cut within a character with an escape', async () => {
    await using directory = new TrailDirectory();
    const store = await directory.open();
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), async (value) => {
        const data = JSON.parse(JSON.stringify({ value })) as never;
        const { seq } = await store.append(record(1, data));
        const { entries } = await store.query({ after: seq - 1 });
        expect(entries[0]?.data['value']).toEqual(data['value']);
      }),
      { numRuns: runs(50) },
    );
    const { seq } = await store.append(record(1, { text: 'cut \ud83d' }));
    expect((await store.query({ after: seq - 1 })).entries[0]?.data['text']).toBe('cut \\ud83d');
    await store.close();
    expect(await storedData(directory.file)).toHaveLength(seq);
  });

  it('bounds what waits', async () => {
    await using directory = new TrailDirectory();
    const store = await directory.open({ queue: 10 });
    const results = await Promise.allSettled(Array.from({ length: 12 }, (_, i) => store.append(record(i))));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    expect(results[11]).toMatchObject({ status: 'rejected', reason: expect.any(TrailQueueFull) });
    await expect(store.append(record(13))).resolves.toMatchObject({ seq: 11 });
  });

  it('settles when everything before is committed, not what comes later', async () => {
    await using directory = new TrailDirectory();
    const store = await directory.open();
    const seqs: number[] = [];
    for (let i = 0; i < 2_500; i += 1) void store.append(record(i)).then(({ seq }) => seqs.push(seq));
    const settled = store.settled();
    void store.append(record(2_500));
    await settled;
    expect(seqs).toHaveLength(2_500);
    expect(store.status.last).toBeGreaterThanOrEqual(2_500);
    await store.settled();
    await store.settled();
  });

  it('signs at the given number of entries, when asked, and at the end, and tells every time', async () => {
    await using directory = new TrailDirectory();
    const anchored: string[] = [];
    const store = await directory.open({
      checkpoint: { records: 100 },
      anchors: (note) => anchored.push(note),
    });
    const sizes: number[] = [];
    store.onCheckpoint(({ size }) => sizes.push(size));
    await Promise.all(Array.from({ length: 100 }, (_, i) => store.append(record(i))));
    await vi.waitUntil(() => sizes.length === 1);
    await store.append(record(100));
    const note = await store.checkpoint();
    expect(await store.checkpoint()).toBe(note);
    await store.append(record(101));
    await store.close();
    expect(sizes).toEqual([100, 101, 102]);
    expect(anchored).toHaveLength(3);
    expect(anchored[1]).toBe(note);
    expect(existsSync(`${directory.file}.anchors`)).toBe(false);
    expect(await storedData(directory.file)).toHaveLength(102);
  });

  it('goes on where it ended, under the same key', async () => {
    await using directory = new TrailDirectory();
    const first = await directory.open();
    await first.append(record(1));
    expect(first.key).toMatchObject({ created: true, path: `${directory.file}.key` });
    await first.close();
    const second = await directory.open();
    expect(second.trail).toBe(first.trail);
    expect(second.key).toEqual({ ...first.key, created: false });
    expect(second.status).toMatchObject({ last: 1, checkpoint: { size: 1 } });
    await expect(second.append(record(2))).resolves.toMatchObject({ seq: 2 });
    await second.close();
    expect(await storedData(directory.file)).toHaveLength(2);
  });

  it('leaves nothing: no thread, no open file, no write-ahead log; and refuses from then on', async () => {
    await using directory = new TrailDirectory();
    const before = activeResources();
    const store = await directory.open();
    await Promise.all(Array.from({ length: 50 }, (_, i) => store.append(record(i))));
    await store.query();
    await Promise.all([store.close(), store.close()]);
    expect(addedResources(before)).toEqual({});
    if (process.platform === 'linux') {
      const open = await Promise.all(
        (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
      );
      expect(open.filter((path) => path.startsWith(directory.path))).toEqual([]);
    }
    expect(readdirSync(directory.path).toSorted()).toEqual([
      'audit.db',
      'audit.db.anchors',
      'audit.db.ballast',
      'audit.db.key',
      'audit.db.lock',
      'audit.db.spool',
    ]);
    await expect(store.append(record(1))).rejects.toMatchObject({ code: 'closed' });
    await expect(store.query()).rejects.toMatchObject({ code: 'closed' });
    expect(await store.keep(record(1))).toMatchObject({ kept: 'counted' });
    expect(store.status).toMatchObject({ state: 'closed', last: 50, lost: 1 });
  });

  it('lets only the owner read any of its files, whatever the umask', async () => {
    await using directory = new TrailDirectory();
    const umask = process.umask(0);
    try {
      const store = await directory.open();
      await store.append(record(1));
      for (const name of readdirSync(directory.path)) {
        expect([name, (statSync(`${directory.path}/${name}`).mode & 0o777).toString(8)]).toEqual([
          name,
          '600',
        ]);
      }
    } finally {
      process.umask(umask);
    }
  });

  it('finds what was announced and has no outcome, once', async () => {
    await using directory = new TrailDirectory();
    const first = await directory.open();
    for (const number of [1, 2, 3]) {
      const { kind, ...rest } = record(number, { id: `intent-${number}` });
      await first.append({ ...rest, kind: 'intent', stream: null });
      expect(kind).toBe('record');
    }
    await first.append(record(4, { intent: 'intent-2' }));
    expect(await first.openIntents()).toEqual([]);
    await first.close();
    const second = await directory.open();
    expect((await second.openIntents()).map(({ id, seq }) => [id, seq])).toEqual([
      ['intent-1', 1],
      ['intent-3', 3],
    ]);
    await second.append(record(5, { intent: 'intent-1', outcome: 'unknown', reason: 'crashed' }));
    await second.append(record(6, { intent: 'intent-3', outcome: 'unknown', reason: 'crashed' }));
    expect(await second.openIntents()).toEqual([]);
    await second.close();
    const third = await directory.open();
    expect(await third.openIntents()).toEqual([]);
  });

  it('says where a client of a stream goes on', async () => {
    await using directory = new TrailDirectory();
    const store = await directory.open();
    await store.beginEpoch('epoch-1');
    expect(await store.positionAfter('epoch-1', 7)).toEqual({ seq: 0, complete: true });
    for (const number of [10, 20, 30]) await store.append(record(number));
    expect(await store.positionAfter('other', 0)).toBeUndefined();
    expect(await store.positionAfter('epoch-1', 0)).toEqual({ seq: 0, complete: true });
    expect(await store.positionAfter('epoch-1', 10)).toEqual({ seq: 1, complete: true });
    expect(await store.positionAfter('epoch-1', 25)).toEqual({ seq: 2, complete: true });
    expect(await store.positionAfter('epoch-1', 99)).toEqual({ seq: 3, complete: true });
    await store.beginEpoch('epoch-2');
    await store.append({ ...record(1), stream: { epoch: 'epoch-2', seq: 1 } });
    // Late, as through the spool: behind the beginning of the next stream.
    await store.append(record(40));
    expect(await store.positionAfter('epoch-1', 30)).toEqual({ seq: 3, complete: true });
    expect(await store.positionAfter('epoch-2', 1)).toEqual({ seq: 5, complete: true });
    expect(await store.countSince(3)).toBe(2);
  });

  it('does not let a listener that fails hurt anybody', async () => {
    await using directory = new TrailDirectory();
    const warnings: string[] = [];
    const warned = (warning: Error): void => void warnings.push(warning.message);
    process.on('warning', warned);
    try {
      const store = await directory.open({ anchors: () => Promise.reject(new Error('no network')) });
      const off = store.onCheckpoint(() => {
        throw new Error('a bug');
      });
      await store.append(record(1));
      await store.checkpoint();
      off();
      await store.close();
      await vi.waitUntil(() => warnings.length === 2);
      expect(warnings.join()).toContain('no network');
      expect(warnings.join()).toContain('a bug');
    } finally {
      process.off('warning', warned);
    }
  });
});

describe(`TrailStore on a Node without node:sqlite`, () => {
  it('says what to do', async () => {
    vi.resetModules();
    vi.doMock('node:module', () => ({ isBuiltin: () => false }));
    try {
      const { openTrail } = await import('../../../src/trail/open-trail.js');
      await using directory = new TrailDirectory();
      await expect(openTrail(directory.options())).rejects.toMatchObject({
        code: 'unsupported',
        message: expect.stringContaining('Run Node 22.13 or later'),
      });
      expect(readdirSync(directory.path)).toEqual([]);
    } finally {
      vi.doUnmock('node:module');
      vi.resetModules();
    }
  });
});
