import { expect, it } from 'vitest';
import { type TrailQuery } from '../../../src/trail/store/trail-query.js';
import { type TrailStore } from '../../../src/trail/store/trail-store.js';
import { intent, type MakeFixture, record, records } from './trail-fixture.js';

/** One entry of each kind of question. */
async function fill(store: TrailStore): Promise<void> {
  await store.append(
    record(1, { id: 'one', actor: { id: 'ann' }, targets: [{ id: 'u-17' }, { id: 'u-18' }] }),
  );
  await store.append(record(2, { action: 'user_deleted', outcome: 'failure', level: 'ERROR' }));
  await store.append(record(3, { action: 'Invoice.pay', logger: 'audit.billing', actor: { id: 'bob' } }));
  await store.append(intent('intent-1'));
  await store.append(record(4, { message: 'a "quoted" GR\u00dcN text', targets: [{ id: 'u-17' }] }));
}

const QUESTIONS: readonly (readonly [name: string, query: TrailQuery, seqs: readonly number[]])[] = [
  ['nothing', {}, [1, 2, 3, 4, 5]],
  ['an id', { id: 'one' }, [1]],
  ['an action', { action: 'user_deleted' }, [2]],
  ['the beginning of actions', { action: 'user_*' }, [1, 2, 5]],
  ['an actor', { actor: 'bob' }, [3]],
  ['a target', { target: 'u-17' }, [1, 5]],
  ['an outcome', { outcome: 'failure' }, [2]],
  ['the lowest level', { level: 'WARNING' }, [2]],
  ['a logger', { logger: 'audit.b*' }, [3]],
  ['a kind', { kinds: ['intent'] }, [4]],
  ['a text, in any case', { text: '"QUOTED" gr\u00fcn' }, [5]],
  ['a time from', { from: '2026-01-01T00:00:03.000Z', kinds: ['record'] }, [3, 5]],
  ['a time before', { to: '2026-01-01T00:00:03.000Z' }, [1, 2]],
  ['positions', { after: 1, before: 4 }, [2, 3]],
  ['several of it', { action: 'user_*', outcome: 'success', target: 'u-18' }, [1]],
  ['what is not there', { actor: 'carol' }, []],
];

export function queryContract(make: MakeFixture): void {
  it('finds by all that an entry says, in either order', async () => {
    await using fixture = await make();
    const store = await fixture.open();
    await fill(store);
    for (const order of ['asc', 'desc'] as const)
      for (const [name, query, seqs] of QUESTIONS) {
        const { entries } = await store.query({ ...query, order });
        const expected = order === 'asc' ? seqs : seqs.toReversed();
        expect([name, ...entries.map(({ seq }) => seq)]).toEqual([name, ...expected]);
      }
  });

  it('gives an entry as it was appended, with the text and the hash that prove it', async () => {
    await using fixture = await make();
    const store = await fixture.open();
    const receipt = await store.append(record(1, { id: 'one' }));
    const { entries, head } = await store.query();
    expect(head).toBe(1);
    expect(entries).toEqual([
      { seq: 1, hash: receipt.hash, payload: expect.any(String), ...record(1, { id: 'one' }) },
    ]);
    expect(JSON.parse(entries[0]!.payload)).toEqual({ v: 1, seq: 1, ...record(1, { id: 'one' }) });
  });

  it('gives pages that lead on, each entry once', async () => {
    await using fixture = await make();
    const store = await fixture.open();
    await Promise.all(records(25).map((entry) => store.append(entry)));
    for (const order of ['asc', 'desc'] as const) {
      const seqs: number[] = [];
      for await (const { seq } of store.entries({ limit: 10, order })) seqs.push(seq);
      expect(seqs).toEqual(Array.from({ length: 25 }, (_, i) => (order === 'asc' ? i + 1 : 25 - i)));
    }
  });

  it('keeps from who is held to a filter what that one does not let pass', async () => {
    await using fixture = await make();
    const store = await fixture.open();
    await fill(store);
    await using view = fixture.place(fixture.options()).view();
    const seen = async (query: TrailQuery): Promise<number[]> =>
      (await view.query(query, [{ logger: ['audit.billing'] }])).entries.map(({ seq }) => seq);
    expect(await seen({})).toEqual([3]);
    expect(await seen({ actor: 'ann' })).toEqual([]);
    expect(await seen({ kinds: ['intent'] })).toEqual([]);
  });

  it('refuses a wrong question by the name of its field', async () => {
    await using fixture = await make();
    const store = await fixture.open();
    for (const query of [{ limit: 0 }, { order: 'up' }, { unknown: 1 }, { from: 'yesterday' }] as object[])
      await expect(store.query(query)).rejects.toMatchObject({
        code: 'invalid_query',
        message: expect.stringContaining(`\`${Object.keys(query)[0]!}\``),
      });
  });

  it('tells a client of a stream where to go on', async () => {
    await using fixture = await make();
    const store = await fixture.open();
    await store.beginEpoch('epoch-1');
    for (const entry of records(3)) await store.append(entry);
    await store.beginEpoch('epoch-2');
    await store.append(record(1, {}, 'epoch-2'));
    expect(await store.positionAfter('epoch-1', 1)).toEqual({ seq: 1, complete: true });
    expect(await store.positionAfter('epoch-1', 3)).toEqual({ seq: 3, complete: true });
    expect(await store.positionAfter('epoch-2', 1)).toEqual({ seq: 4, complete: true });
    expect(await store.positionAfter('unknown', 1)).toBeUndefined();
    expect(await store.countSince(3)).toBe(1);
  });

  it('follows what is committed, by whomever, in order and once', async () => {
    await using fixture = await make();
    const store = await fixture.open();
    for (const entry of records(3)) await store.append(entry);
    await using view = fixture.place(fixture.options()).view();
    const end = new AbortController();
    const seen: number[] = [];
    for await (const { seq } of view.tail(1, end.signal)) {
      seen.push(seq);
      if (seq === 3) void Promise.all(records(3, 4).map((entry) => store.append(entry)));
      if (seq === 6) end.abort();
    }
    expect(seen).toEqual([2, 3, 4, 5, 6]);
  });

  it('answers nothing more once it is closed', async () => {
    await using fixture = await make();
    await fixture.open();
    const view = fixture.place(fixture.options()).view();
    expect((await view.summary()).last).toBe(0);
    await view.close();
    await expect(view.query({})).rejects.toMatchObject({ code: 'closed' });
  });
}
