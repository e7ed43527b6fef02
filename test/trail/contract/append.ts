import { expect, it } from 'vitest';
import { draftOf } from '../../../src/trail/store/draft-entry.js';
import { UuidV7 } from '../../../src/record/record-id.js';
import { batch, type MakeFixture, OpenBackend, record, records, storedData } from './trail-fixture.js';

export function appendContract(make: MakeFixture): void {
  it('gives each entry its place, in order and without holes, and says so once it is durable', async () => {
    await using fixture = await make();
    await using open = await OpenBackend.of(fixture);
    const { seqs, chains, refused } = await open.backend.append(batch(...records(3)));
    expect([seqs, chains.byteLength, refused]).toEqual([[1, 2, 3], 96, []]);
    expect((await open.backend.append(batch(record(4)))).seqs).toEqual([4]);
    // Another connection sees what was acknowledged.
    await using view = fixture.place(fixture.options()).view();
    expect((await view.query({})).entries.map(({ seq, data }) => [seq, data.message])).toEqual(
      [1, 2, 3, 4].map((number) => [number, `role changed ${number}`]),
    );
  });

  it('stores parallel entries once each, in one chain', async () => {
    await using fixture = await make();
    const store = await fixture.open();
    const receipts = await Promise.all(records(500).map((entry) => store.append(entry)));
    expect(receipts.map(({ seq }) => seq).toSorted((one, other) => one - other)).toEqual(
      Array.from({ length: 500 }, (_, index) => index + 1),
    );
    expect(new Set(receipts.map(({ hash }) => hash)).size).toBe(500);
    expect(await storedData(fixture)).toHaveLength(500);
  });

  it('stores an entry that comes again once, and answers where it stands', async () => {
    await using fixture = await make();
    await using open = await OpenBackend.of(fixture);
    const again = batch(record(1, { id: 'same' }));
    const [first, second] = [await open.backend.append(again), await open.backend.append(again)];
    expect(second.seqs).toEqual(first.seqs);
    expect(Buffer.from(second.chains).equals(Buffer.from(first.chains))).toBe(true);
    expect(await storedData(fixture)).toHaveLength(1);
  });

  it('refuses another entry of a known id, and stores the rest of its batch', async () => {
    await using fixture = await make();
    await using open = await OpenBackend.of(fixture);
    await open.backend.append(batch(record(1, { id: 'taken' })));
    const { seqs, refused } = await open.backend.append(
      batch(record(2), record(3, { id: 'taken', message: 'another' }), record(4)),
    );
    expect(seqs).toEqual([2, 0, 3]);
    expect(refused).toMatchObject([{ index: 1, code: 'invalid_entry' }]);
    expect((await storedData(fixture)).map(({ message }) => message)).toEqual([
      'role changed 1',
      'role changed 2',
      'role changed 4',
    ]);
  });

  it('stores texts as they are: half of a pair as its escape, and what looks like the end of a text', async () => {
    await using fixture = await make();
    await using open = await OpenBackend.of(fixture);
    const texts = [
      '\ud83d',
      "'; DROP TABLE entries; --",
      '\u2028 \u0001 \u007f',
      '"},"seq":1}',
      '\u{1f600}\u00e9',
      '{}',
      '\\',
    ];
    await open.backend.append(batch(...texts.map((message, index) => record(index + 1, { message }))));
    expect((await storedData(fixture)).map(({ message }) => message)).toEqual(
      texts.map((text) => (text === '\ud83d' ? String.raw`\ud83d` : text)),
    );
  });

  it('goes on where it ended, also after a kill', async () => {
    await using fixture = await make();
    const store = await fixture.open();
    await Promise.all(records(10).map((entry) => store.append(entry)));
    await fixture.kill(store);
    const next = await fixture.open();
    expect(next.status.last).toBe(10);
    expect((await next.append(record(11))).seq).toBe(11);
    expect(await storedData(fixture)).toHaveLength(11);
  });

  it('is closed for good once it was closed, and says that it was', async () => {
    await using fixture = await make();
    const open = await OpenBackend.of(fixture);
    await open.backend.append(batch(record(1)));
    await open.backend.close();
    expect(open.heard.ends).toEqual(['closed']);
    await expect(open.backend.append(batch(record(2)))).rejects.toMatchObject({
      code: 'closed',
      final: true,
    });
    // What was not signed yet was signed.
    expect(open.heard.sizes).toEqual([1]);
  });

  it('fixes an entry when it is given', () => {
    const data = { message: 'before' };
    const draft = draftOf({ kind: 'record', stream: null, instance: 'contract:1', data }, new UuidV7());
    data.message = 'after';
    expect(draft.text).toContain('before');
  });
}
