import { describe, expect, it, vi } from 'vitest';
import { locked } from '../../../src/trail/store/store.messages.js';
import { TrailReader } from '../../../src/trail/sqlite/reader/trail-reader.js';
import { hasSqlite, record, storedData, TrailDirectory, whyNoSqlite } from './a-trail.js';
import { TrailProcess } from './trail-process.js';

const KILLS = 4;
const WAIT = { timeout: 15_000 };

describe.skipIf(!hasSqlite)(`A trail among processes${whyNoSqlite}`, () => {
  it('has one writer: a second process is refused, and told which file', async () => {
    await using directory = new TrailDirectory();
    const store = await directory.open();
    await store.append(record(1));
    await using other = new TrailProcess('open', directory.file);
    await other.ended();
    expect(other.said('locked')).toEqual([locked(directory.file)]);
    // Neither did it change anything, nor did its end take the lock away.
    await store.append(record(2));
    await using another = new TrailProcess('open', directory.file);
    await another.ended();
    expect(another.said('locked')).toHaveLength(1);
    await store.close();
    expect(await storedData(directory.file)).toHaveLength(2);
    await using free = new TrailProcess('open', directory.file);
    await free.ended();
    expect(free.output).toBe('open\n');
  });

  it('has one writer: a second store of the same process is refused', async () => {
    await using directory = new TrailDirectory();
    const store = await directory.open();
    await expect(directory.open()).rejects.toMatchObject({ code: 'locked', message: locked(directory.file) });
    await expect(store.append(record(1))).resolves.toMatchObject({ seq: 1 });
    await using other = new TrailProcess('open', directory.file);
    await other.ended();
    expect(other.said('locked')).toHaveLength(1);
  });

  it('is free again when its writer was killed, and can be read meanwhile', async () => {
    await using directory = new TrailDirectory();
    await using holder = new TrailProcess('hold', directory.file);
    await vi.waitUntil(() => holder.said('open').length === 1, WAIT);
    using reader = TrailReader.open(directory.file);
    expect(reader.query().entries).toEqual([]);
    await expect(directory.open()).rejects.toMatchObject({ code: 'locked' });
    holder.kill('SIGKILL');
    await holder.ended();
    const store = await directory.open();
    await expect(store.append(record(1))).resolves.toMatchObject({ seq: 1 });
  });

  it(`loses nothing that was acknowledged when it is killed, ${KILLS} times over`, async () => {
    await using directory = new TrailDirectory();
    const acknowledged: string[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      await using child = new TrailProcess('append', directory.file);
      // Anywhere in the middle of it: by what it has done, not by the clock.
      const enough = 20 + Math.floor(Math.random() * 400);
      await vi.waitUntil(() => child.said('ack').length >= enough, { ...WAIT, interval: 1 });
      child.kill('SIGKILL');
      await child.ended();
      acknowledged.push(...child.said('ack'));
    }
    const ids = (await storedData(directory.file)).map(({ id }) => String(id));
    expect(new Set(ids).size).toBe(ids.length);
    expect(acknowledged.filter((id) => !ids.includes(id))).toEqual([]);
    // And what was left behind can be opened and signed.
    const store = await directory.open();
    await store.append(record(1));
    await store.close();
    expect(await storedData(directory.file)).toHaveLength(ids.length + 1);
  });

  it('stores all of 10,000 that wait when it is told to stop', async () => {
    await using directory = new TrailDirectory();
    await using child = new TrailProcess('stop', directory.file);
    await vi.waitUntil(() => child.said('queued').length === 1, { ...WAIT, interval: 1 });
    child.kill('SIGTERM');
    expect(await child.ended()).toBe(0);
    expect(child.said('closed')).toEqual(['10000']);
    expect(child.said('all acknowledged')).toHaveLength(1);
    expect(await storedData(directory.file)).toHaveLength(10_000);
  });
});
