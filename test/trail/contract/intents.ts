import { expect, it } from 'vitest';
import { intent, type MakeFixture, outcome, record } from './trail-fixture.js';

export function intentsContract(make: MakeFixture): void {
  it('knows at the next start the calls of which nobody says how they ended', async () => {
    await using fixture = await make();
    const store = await fixture.open();
    for (const id of ['a', 'b', 'c']) await store.append(intent(id));
    await store.append(outcome(1, 'b'));
    expect(await store.openIntents()).toEqual([]);
    await fixture.kill(store);
    const next = await fixture.open();
    const open = await next.openIntents();
    expect(open.map(({ id, data }) => [id, data.action])).toEqual([
      ['a', 'pay'],
      ['c', 'pay'],
    ]);
    await next.append(outcome(2, 'a'));
    expect((await next.openIntents()).map(({ id }) => id)).toEqual(['c']);
  });

  it('finds them behind any number of checkpoints', async () => {
    await using fixture = await make();
    const store = await fixture.open({ checkpoint: { records: 2 } });
    await store.append(intent('early'));
    for (let number = 1; number <= 20; number += 1) {
      await store.append(record(number));
      if (number % 5 === 0) await store.checkpoint();
    }
    await store.close();
    expect((await (await fixture.open()).openIntents()).map(({ id }) => id)).toEqual(['early']);
  });

  it('does not take the beginning of a stream for the end of a call', async () => {
    await using fixture = await make();
    const store = await fixture.open();
    await store.append(intent('stream'));
    const { outcome: _, ...started } = record(1).data;
    await store.append({ ...record(1), data: { ...started, intent: 'stream' } });
    await store.close();
    expect((await (await fixture.open()).openIntents()).map(({ id }) => id)).toEqual(['stream']);
  });
}
