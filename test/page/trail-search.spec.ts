import { describe, expect, it } from 'vitest';
import { ANY_ENTRY } from '../../src/dashboard/page/model/trail-query.js';
import { type TrailEntryAnswer, type TrailPageAnswer } from '../../src/wire/trail-answers.js';
import { TrailRefusal, type TrailRoute } from '../../src/dashboard/page/state/trail-route.js';
import { type TrailSearch } from '../../src/dashboard/page/state/trail-search.js';
import { FakeAddress, WatchedPage } from './harness/watched-page.js';

function entry(seq: number): TrailEntryAnswer {
  const data = {
    timestamp: '2025-10-08T18:30:45.123Z',
    level: 'INFO',
    logger: 'audit.orders',
    message: `entry ${seq}`,
    action: 'order_placed',
  };
  return { seq, kind: 'record', hash: 'ab', instance: 'orders-1', stream: { epoch: 'e', seq }, data };
}

/** A trail that answers page by page, newest first. */
class FakeTrail {
  readonly asked: {
    readonly text: string;
    readonly before: number | undefined;
    readonly signal: AbortSignal;
  }[] = [];

  constructor(private readonly pages: (TrailPageAnswer | Error)[]) {}

  entries(
    { text }: { readonly text: string },
    _limit: number,
    before: number | undefined,
    signal: AbortSignal,
  ): Promise<TrailPageAnswer> {
    this.asked.push({ text, before, signal });
    const page = this.pages.shift() ?? new Error('there is no further page');
    return page instanceof Error ? Promise.reject(page) : Promise.resolve(page);
  }

  search(address = new FakeAddress()): TrailSearch {
    return new WatchedPage({ address, route: this as unknown as TrailRoute }).dashboard.trail!.search;
  }
}

describe('a search in the trail', () => {
  it('gets page after page, and says when that was all', async () => {
    const trail = new FakeTrail([{ entries: [entry(9), entry(8)], next: 8 }, { entries: [entry(3)] }]);
    const search = trail.search();
    search.search({ ...ANY_ENTRY, text: 'order' });
    await expect.poll(() => search.phase.value).toBe('more');
    expect(search.shown.map(({ seq }) => seq)).toEqual([8, 9]);
    search.more();
    search.more();
    await expect.poll(() => search.phase.value).toBe('done');
    expect(search.shown.map(({ seq }) => seq)).toEqual([3, 8, 9]);
    expect(trail.asked.map(({ before }) => before)).toEqual([undefined, 8]);
    expect(search.marks.in('an order')).toEqual([{ start: 3, end: 8, mark: 0 }]);
  });

  it('asks before it goes on for ever without finding anything', async () => {
    const nothing = { entries: [], next: 1 };
    const trail = new FakeTrail([nothing, nothing, nothing, nothing, nothing, { entries: [entry(1)] }]);
    const search = trail.search();
    search.search(ANY_ENTRY);
    for (let page = 1; page < 5; page += 1) {
      await expect.poll(() => search.phase.value).toBe('more');
      search.more();
    }
    await expect.poll(() => search.phase.value).toBe('paused');
    search.goOn();
    await expect.poll(() => search.phase.value).toBe('done');
  });

  it('says why it was refused, and tries again when asked', async () => {
    const trail = new FakeTrail([new TrailRefusal(429, 'Too many.'), { entries: [] }]);
    const search = trail.search();
    search.search(ANY_ENTRY);
    await expect.poll(() => search.phase.value).toBe('refused');
    expect(search.refusal.value).toMatchObject({ status: 429 });
    search.goOn();
    await expect.poll(() => search.phase.value).toBe('done');
    expect(search.refusal.value).toBeUndefined();
  });

  it('drops what an earlier search still answers', async () => {
    const trail = new FakeTrail([{ entries: [entry(1)] }, { entries: [entry(2)] }]);
    const search = trail.search();
    search.search({ ...ANY_ENTRY, text: 'first' });
    search.search({ ...ANY_ENTRY, text: 'second' });
    await expect.poll(() => search.phase.value).toBe('done');
    expect(search.shown.map(({ seq }) => seq)).toEqual([2]);
    expect(trail.asked[0]!.signal.aborted).toBe(true);
  });

  it('is opened by a link, written into it, and gone from it when closed', async () => {
    const address = new FakeAddress('#trail=search&trail.text=paid');
    const trail = new FakeTrail([{ entries: [entry(1)] }]);
    const search = trail.search(address);
    expect([search.open.value, search.query.value.text]).toEqual([true, 'paid']);
    await expect.poll(() => search.phase.value).toBe('done');
    search.close();
    expect(address.hash).toBe('');
    expect(search.shown).toHaveLength(1);
  });
});
