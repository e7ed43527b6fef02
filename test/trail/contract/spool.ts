import { expect, it, vi } from 'vitest';
import { type MakeFixture, record, records, storedData } from './trail-fixture.js';

const SOON = { timeout: 20_000 };

export function spoolContract(make: MakeFixture): void {
  it('keeps what the store does not take, on disk, and brings it in by itself and in order', async () => {
    await using fixture = await make();
    const store = await fixture.open();
    await store.append(record(1));
    {
      await using _ = await fixture.outage();
      const kept = await Promise.all(records(5, 2).map((entry) => store.keep(entry)));
      expect(kept.map((entry) => entry.kept)).toEqual(Array(5).fill('spool'));
      expect(store.status).toMatchObject({ state: 'failing', spooled: 5, lost: 0 });
      await expect(store.append(record(9))).rejects.toMatchObject({ final: false });
    }
    await vi.waitUntil(() => store.status.spooled === 0, SOON);
    expect((await storedData(fixture)).map(({ message }) => message)).toEqual(
      [1, 2, 3, 4, 5, 6].map((number) => `role changed ${number}`),
    );
    expect(store.status.state).toBe('ok');
  });

  it('counts what does not fit, and an entry of the trail says how much that was', async () => {
    await using fixture = await make();
    const store = await fixture.open({ spoolBytes: 1_000 });
    {
      await using _ = await fixture.outage();
      const kept = await Promise.all(records(10).map((entry) => store.keep(entry)));
      expect(kept.some((entry) => entry.kept === 'counted')).toBe(true);
    }
    await vi.waitUntil(() => store.status.spooled === 0 && store.status.state === 'ok', SOON);
    const counted = async (): Promise<number> =>
      (await store.query({ kinds: ['gap'] })).entries
        .map(({ data }) => Number(data.count ?? 0))
        .reduce((sum, count) => sum + count, 0);
    const { lost } = store.status;
    await vi.waitFor(async () => expect(await counted()).toBe(lost), SOON);
    expect((await store.query({ kinds: ['record'] })).entries.length).toBe(10 - lost);
  });

  it('brings in at the next start what the run before has kept, once each', async () => {
    await using fixture = await make();
    const store = await fixture.open();
    const outage = await fixture.outage();
    await Promise.all(records(5).map((entry) => store.keep(entry)));
    await fixture.kill(store);
    await outage[Symbol.asyncDispose]();
    const next = await fixture.open();
    expect(await next.caughtUp()).toBe(true);
    expect(await storedData(fixture)).toHaveLength(5);
  });
}
