import { expect, it } from 'vitest';
import { batch, type MakeFixture, OpenBackend, record, records, storedData } from './trail-fixture.js';

export function retentionContract(make: MakeFixture): void {
  it('prunes only what is signed, from the beginning, and the rest verifies', async () => {
    await using fixture = await make();
    const store = await fixture.open();
    await Promise.all(records(10).map((entry) => store.append(entry)));
    await store.checkpoint();
    await Promise.all(records(5, 11).map((entry) => store.append(entry)));
    const pruned = await store.prune({ olderThan: '2026-01-01T00:00:13.000Z' });
    expect(pruned).toEqual({ count: 10, from: 1, through: 10, heldBy: [] });
    expect(await store.summary()).toMatchObject({ first: 11, last: 16, prunedThrough: 10 });
    expect((await storedData(fixture)).length).toBe(6);
    const { entries } = await store.query({ kinds: ['pruned'] });
    expect(entries).toMatchObject([{ data: { from: 1, through: 10, count: 10 } }]);
    expect(await store.prune({ olderThan: '2026-01-01T00:00:13.000Z' })).toMatchObject({ count: 0 });
  });

  it('says beforehand what it would prune', async () => {
    await using fixture = await make();
    const store = await fixture.open();
    await Promise.all(records(10).map((entry) => store.append(entry)));
    await store.checkpoint();
    await using view = fixture.place(fixture.options()).view();
    const before = { olderThan: '2026-01-02T00:00:00.000Z' };
    expect(await view.prunable(before)).toEqual({ from: 1, through: 10, heldBy: [] });
    await store.prune(before);
    const { from, through } = await view.prunable(before);
    expect(through).toBeLessThan(from);
  });

  it('keeps what a hold names, and all behind it, until the hold is released', async () => {
    await using fixture = await make();
    const store = await fixture.open();
    for (const number of [1, 2, 3, 4, 5, 6]) {
      await store.append(record(number, number === 4 ? { action: 'payment' } : {}));
      await store.checkpoint();
    }
    const { hold } = await store.holds.place({ reason: 'case 7', action: 'pay*' });
    expect(await store.holds.active()).toMatchObject([{ id: hold, reason: 'case 7', action: 'pay*' }]);
    const all = { olderThan: '2026-02-01T00:00:00.000Z' };
    expect(await store.prune(all)).toMatchObject({ count: 3, through: 3, heldBy: [hold] });
    await store.holds.release(hold, 'closed');
    expect(await store.holds.active()).toEqual([]);
    expect((await store.prune(all)).through).toBeGreaterThanOrEqual(6);
    expect((await fixture.place(fixture.options()).verify({ trusted: [] })).verdict).toBe('ok');
    await expect(store.holds.release(hold, 'again')).rejects.toThrow(hold);
  });

  it('tells a client whose place was pruned that it has missed something', async () => {
    await using fixture = await make();
    const store = await fixture.open();
    await store.beginEpoch('epoch-1');
    for (const entry of records(4)) await store.append(entry);
    await store.checkpoint();
    await store.prune({ olderThan: '2026-02-01T00:00:00.000Z' });
    expect(await store.positionAfter('epoch-1', 2)).toMatchObject({ complete: false });
    expect(await store.positionAfter('epoch-1', 4)).toMatchObject({ complete: true });
  });

  it('ends what was begun by whoever comes next', async () => {
    await using fixture = await make();
    {
      await using open = await OpenBackend.of(fixture);
      await open.backend.append(batch(...records(900)));
      await open.backend.checkpoint();
      const pruning = open.backend.prune({ olderThan: '2026-02-01T00:00:00.000Z' }).catch(() => undefined);
      await open.backend.terminate();
      await pruning;
    }
    const store = await fixture.open();
    await store.prune({ olderThan: '2026-02-01T00:00:00.000Z' });
    expect((await fixture.place(fixture.options()).verify({ trusted: [] })).verdict).toBe('ok');
    expect((await store.summary()).prunedThrough).toBeGreaterThanOrEqual(900);
  });
}
