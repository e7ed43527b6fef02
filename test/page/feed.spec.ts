import { describe, expect, it } from 'vitest';
import { type GapRow } from '../../src/dashboard/page/model/row.js';
import { LogStreamError } from '../../src/client/index.js';
import { EPOCH, item } from './harness/fake-client.js';
import { FakeAddress, WatchedPage } from './harness/watched-page.js';

const lostConnection = new LogStreamError('connection_lost', 'cut');

function watched(): WatchedPage {
  const page = new WatchedPage();
  page.client.greet();
  return page;
}

describe('the feed of the page', () => {
  it('begins with a replay, and puts each record into the panel of its category', () => {
    const page = watched();
    expect(page.client.options.replay).toEqual({ last: 2_000 });
    page.client.give(item(1), item(2, { action: 'order_placed' }), item(3));
    expect(page.texts('system')).toEqual(['message 1', 'message 3']);
    expect(page.texts('audit')).toEqual(['message 2']);
    expect(page.dashboard.instance.value).toBe('orders-1');
    expect(page.dashboard.connection.value).toEqual({ phase: 'live' });
  });

  it('keeps the alerts that it is told of, once each, and counts those that nobody has looked at', () => {
    const page = watched();
    const { bell, announcer } = page.dashboard;
    const record = { seq: 7, category: 'system', level: 'ERROR', logger: 'app', message: 'broken' } as const;
    const alert = {
      epoch: EPOCH,
      id: 1,
      name: 'errors',
      time: '2025-10-08T18:30:45.123Z',
      matches: 1,
      record,
    };
    page.client.tell('alert', alert);
    page.client.tell('alert', { ...alert, id: 2 });
    expect(announcer.text.value).toBe('Alert: errors');
    bell.look();
    // As at every connect.
    page.client.tell('alert', { ...alert });
    page.client.tell('alert', { ...alert, epoch: 'later' });
    expect(bell.firings.value.map(({ epoch, id }) => [epoch, id])).toEqual([
      ['later', 1],
      [EPOCH, 2],
      [EPOCH, 1],
    ]);
    expect(bell.unseen.value).toBe(1);
    for (let id = 3; id < 50; id += 1) page.client.tell('alert', { ...alert, id });
    expect(bell.firings.value).toHaveLength(20);
  });

  it('offers what lies before the records that it begins with, where those were not all', () => {
    const page = new WatchedPage();
    for (let seq = 5_001; seq <= 7_000; seq += 1) page.client.give(item(seq));
    page.client.greet({ heads: { oldest: 4_001, next: 7_001 } });
    page.client.tell('caught_up', { recovered: true, missing: 0, cursor: '' });
    expect(page.shown()[0]).toMatchObject({ kind: 'gap', from: 4_001, to: 5_000, reason: 'earlier' });
    expect(page.shown('audit')).toHaveLength(1);
  });

  it('fetches into a gap what the server still has, and says what it has no longer', async () => {
    const page = watched();
    page.client.give(item(1));
    const missing = { from: 2, to: 9, count: 8, reason: 'slow_consumer', fetchable: true } as const;
    page.client.give({ type: 'gap', epoch: EPOCH, cursor: '', ...missing }, item(10));
    page.client.answer = ({ from }) =>
      Promise.resolve(
        from === 2
          ? { records: [item(5), item(6, { action: 'a' })], missing: 3, next: 7 }
          : { records: [item(7), item(8), item(9)], missing: 0, next: undefined },
      );
    page.feed.fetchGap(page.shown()[1] as GapRow);
    expect(page.shown()[1]).toMatchObject({ state: 'fetching' });
    await expect.poll(() => page.dashboard.announcer.text.value).toBe('5 records fetched');
    expect(page.client.asked).toEqual([
      { from: 2, to: 9, epoch: EPOCH },
      { from: 7, to: 9, epoch: EPOCH },
    ]);
    expect(page.texts()).toEqual([
      'message 1',
      'gap',
      'message 5',
      'message 7',
      'message 8',
      'message 9',
      'message 10',
    ]);
    expect(page.shown()[1]).toMatchObject({ from: 2, to: 4, count: 3, state: 'gone' });
    expect(page.texts('audit')).toEqual(['gap', 'message 6']);
  });

  it('leaves a gap as it was when fetching fails, and says why', async () => {
    const page = watched();
    const missing = { from: 2, to: 9, count: 8, reason: 'slow_consumer', fetchable: true } as const;
    page.client.give({ type: 'gap', epoch: EPOCH, cursor: '', ...missing });
    page.feed.fetchGap(page.shown()[0] as GapRow);
    await expect.poll(() => page.dashboard.announcer.text.value).toBe('nobody answers');
    expect(page.shown()[0]).toMatchObject({ state: 'fetchable' });
  });

  it('keeps the runs of the application apart, and says where one ended', () => {
    const page = watched();
    page.client.give(
      item(7),
      {
        type: 'lost',
        epoch: 'epoch-2',
        cursor: '',
        reason: 'restarted',
        previousEpoch: EPOCH,
      },
      item(1, { message: 'anew' }, 'epoch-2'),
    );
    expect(page.texts()).toEqual(['message 7', 'notice', 'anew']);
  });

  it('says while there is no connection why, and tries again at once when asked', () => {
    const page = watched();
    page.client.become({ name: 'waiting', at: 5_000, attempt: 2, error: lostConnection });
    expect(page.dashboard.connection.value).toMatchObject({ phase: 'waiting', at: 5_000, reason: 'cut' });
    page.feed.reconnect();
    expect(page.client.retries).toBe(1);
  });

  it('asks who is refused to sign in: browsers do not tell the client', async () => {
    const page = watched();
    page.session.answer = 'unauthorized';
    page.client.become({ name: 'waiting', at: 5_000, attempt: 2, error: lostConnection });
    await expect.poll(() => page.dashboard.connection.value).toMatchObject({ phase: 'closed', signIn: true });
    expect(page.client.closed).toBe(true);
    page.feed.reconnect();
    expect(page.session.signedOut).toBe(1);
  });

  it('goes on behind what it has read, with a new client, after the end', () => {
    const page = watched();
    page.client.give(item(3));
    page.client.become({ name: 'closed', error: new LogStreamError('rejected', 'no', { closeCode: 4500 }) });
    expect(page.dashboard.connection.value).toMatchObject({ phase: 'closed', signIn: false });
    page.feed.reconnect();
    expect(page.clients).toHaveLength(2);
    expect(page.client.options.replay).toEqual({ after: `${EPOCH}:3` });
  });
});

describe('a link to one record', () => {
  const link = (epoch: string, seq: number): FakeAddress => new FakeAddress(`#record=${epoch}.${seq}`);

  it('is in the address while a record is open', () => {
    const address = new FakeAddress();
    const page = new WatchedPage({ address });
    page.client.greet();
    page.client.give(item(7, {}, 'epoch1'));
    const panel = page.dashboard.panels.system;
    panel.select(page.shown()[0]);
    panel.detailOpen.value = true;
    expect(address.hash).toBe('#record=epoch1.7');
    expect(page.dashboard.linkTo({ epoch: 'epoch1', seq: 7 })).toBe(
      'https://example.org/monitor#record=epoch1.7',
    );
    panel.detailOpen.value = false;
    expect(address.hash).toBe('');
  });

  it('finds it among those that are here, whatever the filter says', async () => {
    const address = new FakeAddress('#system.search=nothing&record=epoch1.7');
    const page = new WatchedPage({ address });
    page.client.give(item(6, {}, 'epoch1'), item(7, {}, 'epoch1'), item(8, {}, 'epoch1'));
    expect(page.texts()).toEqual([]);
    page.client.greet({ epoch: 'epoch1' });
    await expect.poll(() => page.dashboard.panels.system.selected.value).toMatchObject({ seq: 7 });
    expect(page.dashboard.panels.system.detailOpen.value).toBe(true);
    expect(page.texts()).toEqual(['message 6', 'message 7', 'message 8']);
    expect(page.client.asked).toEqual([]);
  });

  it('finds it in the history, in its panel', async () => {
    const page = new WatchedPage({ address: link('epoch1', 7) });
    page.client.answer = () =>
      Promise.resolve({ records: [item(7, { action: 'a' }, 'epoch1')], missing: 0, next: undefined });
    page.client.greet({ epoch: 'epoch1' });
    await expect.poll(() => page.dashboard.panels.audit.selected.value).toMatchObject({ seq: 7 });
    expect(page.client.asked).toEqual([{ from: 7, to: 7, epoch: 'epoch1' }]);
    expect(page.dashboard.active.value).toBe('audit');
  });

  it('finds it in the trail, of an earlier run, before all that is here', async () => {
    const asked: string[] = [];
    const line = JSON.stringify({ ...item(9, { action: 'a' }), epoch: 'epoch0', cursor: 'epoch0-a' });
    const fetch = ((url: string) => {
      asked.push(url);
      return Promise.resolve(new Response(`{"type":"heartbeat"}\n${line}\n`));
    }) as typeof globalThis.fetch;
    const page = new WatchedPage({ address: link('epoch0', 9), ways: { streamUrl: '../stream', fetch } });
    page.client.give(item(1, { action: 'b', message: 'now' }, 'epoch1'));
    page.client.greet({ epoch: 'epoch1' });
    await expect.poll(() => page.dashboard.panels.audit.selected.value).toMatchObject({ seq: 9 });
    expect(asked).toEqual(['../stream?after=epoch0-9']);
    expect(page.texts('audit')).toEqual(['message 9', 'now']);
  });

  it('says that it is gone, and takes another record for none', async () => {
    const line = JSON.stringify({ ...item(12), cursor: 'epoch1-d' });
    const fetch = (() => Promise.resolve(new Response(`${line}\n`))) as typeof globalThis.fetch;
    const page = new WatchedPage({ address: link('epoch1', 9), ways: { streamUrl: '../stream', fetch } });
    page.client.answer = () => Promise.resolve({ records: [], missing: 1, next: undefined });
    page.client.greet({ epoch: 'epoch1' });
    await expect.poll(() => page.dashboard.linked.value.phase).toBe('gone');
  });

  it.each(['#record=', '#record=a', '#record=a.0', '#record=../x.1', `#record=${'a'.repeat(99)}.1`])(
    'that makes no sense finds nothing: %s',
    (hash) => {
      const page = new WatchedPage({ address: new FakeAddress(hash) });
      expect(page.dashboard.linked.value.phase).toBe('none');
    },
  );
});
