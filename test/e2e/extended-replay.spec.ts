import { describe, expect, it } from 'vitest';
import { bareApp } from '../harness/bare-app.js';
import { eventually } from '../harness/event-loop.js';
import { Ledger, positionOf } from '../harness/ledger.js';
import { handedOut, produce, range, recordsOf } from '../harness/produce.js';

describe('a replay on connect', () => {
  it.each<[string, string, string[]]>([
    ['the last records', 'replay=3', ['27', '28', '29']],
    ['the last that match, however far back they are', 'replay=3&level=ERROR', ['14', '21', '28']],
    ['all, when there are fewer', 'replay=1000&level=ERROR', ['0', '7', '14', '21', '28']],
    ['none', 'replay=0', []],
    ['none that match', 'replay=5&logger=nobody', []],
  ])('gives %s, then says so, then goes on live', async (_, query, expected) => {
    await using app = await bareApp();
    await produce(app, 0, 30);
    await using client = await app.watchExtended(query);
    const done = await client.first('caught_up');
    expect(done.data).toEqual({ recovered: true, missing: 0, cursor: app.stream.cursors.format(31) });
    expect(client.messages).toEqual(expected);
    expect(client.frames.at(-1)).toBe(done);
    app.stream.publish({ message: 'live', level: 'ERROR', logger: 'nobody' });
    await client.message('live');
    expect(client.messages).toEqual([...expected, 'live']);
    expect(client.all('caught_up')).toHaveLength(1);
  });

  it('begins where the hello says, so that who breaks off at once can resume without a hole', async () => {
    await using app = await bareApp();
    await produce(app, 0, 30);
    await using client = await app.watchExtended('replay=10');
    expect(client.frames[0]!.cursor).toBe(app.stream.cursors.format(21));
    expect(client.frames[0]!.data['heads']).toEqual({ oldest: 1, next: 31 });
  });

  it('begins where the hello says, also when that takes a search through everything', async () => {
    await using app = await bareApp();
    app.stream.publish({ message: 'needle 1' });
    app.stream.publish({ message: 'needle 2' });
    await produce(app, 0, 9_000, 500);
    await using client = await app.watchExtended('replay=2&search=needle');
    const pong = await client.ask('ping');
    app.stream.publish({ message: 'needle 3' });
    await client.message('needle 3');
    const [hello, ...rest] = client.frames;
    expect([hello!.type, hello!.cursor]).toEqual(['hello', app.stream.cursors.format(1)]);
    expect(rest).toContain(pong);
    expect(client.seqs).toEqual([1, 2, 9_003]);
    expect((await client.first('caught_up')).data).toMatchObject({ recovered: true, missing: 0 });
  });

  it('of thousands of records comes in order, in several writes, while others are published', async () => {
    await using app = await bareApp();
    await produce(app, 0, 5_000, 500);
    await using client = await app.watchExtended('replay=4000');
    await produce(app, 5_000, 5_500);
    await client.message('5499');
    expect(client.seqs).toEqual(range(1_001, 5_501));
    expect((await client.first('caught_up')).data).toMatchObject({ recovered: true, missing: 0 });
  });
});

describe('a client that resumes', () => {
  it('with its last cursor gets what it missed, and nothing twice', async () => {
    await using app = await bareApp();
    const before = await app.watchExtended();
    await produce(app, 0, 40);
    await before.message('39');
    await before.break();
    await produce(app, 40, 90);
    await using after = await app.watchExtended(`after=${before.cursor}`);
    expect(after.frames[0]!.cursor).toBe(before.cursor);
    expect((await after.first('caught_up')).data).toMatchObject({ recovered: true, missing: 0 });
    expect([...before.seqs, ...after.seqs]).toEqual(range(1, 91));
  });

  it('when it missed nothing is told so', async () => {
    await using app = await bareApp();
    await produce(app, 0, 5);
    const cursor = app.stream.cursors.format(6);
    await using client = await app.watchExtended(`after=${cursor}`);
    expect((await client.first('caught_up')).data).toEqual({ recovered: true, missing: 0, cursor });
    expect(client.items).toEqual([]);
  });

  it.each([1, 50, 79, 80])(
    'after its position %i was evicted is told exactly what is gone',
    async (position) => {
      await using app = await bareApp({ history: { records: 20 } });
      await produce(app, 0, 100);
      await using client = await app.watchExtended(`after=${app.stream.cursors.format(position)}`);
      const done = await client.first('caught_up');
      const missing = 81 - position;
      expect(client.frames.map(({ type }) => type)).toEqual(['hello', 'gap', 'batch', 'caught_up']);
      expect(client.frames[1]!.data).toEqual({
        from: position,
        to: 80,
        count: missing,
        reason: 'evicted',
        fetchable: false,
      });
      expect(done.data).toEqual({ recovered: false, missing, cursor: app.stream.cursors.format(101) });
      expect(client.seqs).toEqual(range(81, 101));
      expect(app.gateway.counters.dropped).toEqual(new Map([['evicted', missing]]));
    },
  );

  it('at the oldest record that is still there misses nothing', async () => {
    await using app = await bareApp({ history: { records: 20 } });
    await produce(app, 0, 100);
    await using client = await app.watchExtended(`after=${app.stream.cursors.format(81)}`);
    expect((await client.first('caught_up')).data).toMatchObject({ recovered: true, missing: 0 });
    expect(client.seqs).toEqual(range(81, 101));
  });

  it('at a place where all that is left does not match is told of the rest', async () => {
    await using app = await bareApp({ history: { records: 5 } });
    await produce(app, 0, 100);
    await using client = await app.watchExtended(`logger=nobody&after=${app.stream.cursors.format(90)}`);
    expect((await client.first('caught_up')).data).toMatchObject({ recovered: false, missing: 6 });
    expect(client.frames.map(({ type }) => type)).toEqual(['hello', 'gap', 'caught_up']);
  });

  it.each<[string, (format: (position: number) => string) => string]>([
    ['of another run of the application', (format) => `other${format(3)}`],
    ['of a position that was never given out', (format) => format(7)],
    ['of the position before the first', (format) => format(0)],
  ])('with a cursor %s starts with what comes now, and knows it', async (_, cursorFrom) => {
    await using app = await bareApp();
    await produce(app, 0, 5);
    const { cursors } = app.stream;
    await using client = await app.watchExtended(
      `after=${cursorFrom((position) => cursors.format(position))}`,
    );
    const cursor = cursors.format(6);
    expect((await client.first('caught_up')).data).toEqual({ recovered: false, missing: null, cursor });
    expect(client.frames[0]!.cursor).toBe(cursor);
    app.stream.publish({ message: 'now' });
    await client.message('now');
    expect(client.messages).toEqual(['now']);
  });

  it('says how many of the last may be asked for, and what a cursor is', async () => {
    await using app = await bareApp();
    await using client = await app.watchExtended();
    for (const replay of [{ last: 100_000_000 }, { after: 'foo' }, { after: '' }]) {
      client.send({ event: 'subscribe', data: { replay }, id: 1 });
    }
    await client.until(() => client.all('error').length === 3);
    for (const { data } of client.all('error')) {
      expect(data).toMatchObject({ code: 'invalid_replay', path: 'data.replay' });
      expect(data['message']).toMatch(/from 0 to 10000000.*cursor as it was given out/);
    }
  });

  it('hands out cursors in the middle of it from which nothing is missed', async () => {
    await using app = await bareApp({ history: { records: 5_000, bytes: 64 * 1024 * 1024 } });
    await produce(app, 0, 3_000);
    const { cursors } = app.stream;
    const positionOf = (cursor: unknown): number => {
      const parsed = cursors.parse(String(cursor));
      return parsed?.known ? parsed.position : Number.NaN;
    };
    await using client = await app.watchExtended();
    const all = { filter: {}, replay: { after: cursors.format(10) } };
    expect(positionOf((await client.ask('subscribe', all)).data['cursor'])).toBe(10);
    await client.first('caught_up');
    // While it is being searched for, it may be any that is kept.
    client.send({ event: 'subscribe', data: { filter: {}, replay: { last: 2_000 } }, id: 'last' });
    client.send({ event: 'pause', id: 'pause' });
    const last = await client.answer('last');
    const paused = await client.answer('pause');
    expect(positionOf(last.data['cursor'])).toBeLessThanOrEqual(1_001);
    const { frames } = client;
    const given = frames.slice(frames.indexOf(last), frames.indexOf(paused)).flatMap(({ items }) => items);
    expect(positionOf(paused.data['cursor'])).toBeLessThanOrEqual((given.at(-1)?.seq ?? 1_000) + 1);
    await client.ask('resume');
    await client.nth('caught_up', 2);
    // The same without a replay: where it stands.
    expect(positionOf((await client.ask('subscribe', { filter: {} })).data['cursor'])).toBe(
      app.stream.history.end,
    );
  });

  it('after a restart is not given records of the new run in place of the old', async () => {
    const old = await bareApp();
    const before = await old.watchExtended();
    await produce(old, 0, 10);
    await before.message('9');
    await old.close();
    await using app = await bareApp();
    await produce(app, 0, 20);
    await using after = await app.watchExtended(`after=${before.cursor}`);
    expect((await after.first('caught_up')).data).toMatchObject({ recovered: false, missing: null });
    expect(after.items).toEqual([]);
  });
});

describe('a subscribe on a live socket', () => {
  it('without replay neither misses nor repeats anything, while records keep coming', async () => {
    await using app = await bareApp();
    const records = recordsOf(app);
    await using client = await app.watchExtended();
    const filters = [{ level: 'ERROR' }, { category: 'audit' }, {}, { where: { kind: 1 } }, {}] as const;
    for (const [index, filter] of filters.entries()) {
      client.send({ event: 'subscribe', data: { filter }, id: index });
      await produce(app, index * 100, index * 100 + 100, 3 + index);
    }
    await handedOut(app);
    await client.ask('pause');
    const ledger = new Ledger(records, 1);
    for (const frame of client.frames) {
      ledger.book(frame);
      if (frame.type === 'reply' && 'filter' in frame.data) ledger.filter(frame.data['filter'] as object);
    }
    expect(ledger.position).toBe(501);
    expect(ledger.delivered + ledger.filtered).toBe(500);
    expect(ledger.missed).toBe(0);
    expect(client.all('caught_up')).toEqual([]);
  });

  it('with replay starts anew from there, while records keep coming', async () => {
    await using app = await bareApp();
    await using client = await app.watchExtended();
    await produce(app, 0, 100);
    await client.message('99');
    const start = app.stream.cursors.format(31);
    client.send({
      event: 'subscribe',
      data: { filter: { level: 'ERROR' }, replay: { after: start } },
      id: 'a',
    });
    await produce(app, 100, 300);
    await client.message('294');
    const reply = client.frames.findIndex(({ id }) => id === 'a');
    expect(client.frames[reply]!.data).toMatchObject({ filter: { level: 'ERROR' } });
    const before = client.frames.slice(0, reply).flatMap(({ items }) => items);
    const after = client.frames.slice(reply).flatMap(({ items }) => items);
    expect(before.map(({ seq }) => seq)).toEqual(range(1, before.length + 1));
    expect(after.map(({ data }) => Number(data['message']))).toEqual(
      range(30, 300).filter((n) => n % 7 === 0),
    );
    expect(client.all('caught_up')).toHaveLength(1);
  });

  it.each([0, 1, 5])('replays the last %i that match the new filter', async (last) => {
    await using app = await bareApp();
    await using client = await app.watchExtended('logger=nobody');
    await produce(app, 0, 100);
    const reply = await client.ask('subscribe', { filter: { category: 'audit' }, replay: { last } });
    expect(reply.data['filter']).toEqual({ category: 'audit' });
    await client.first('caught_up');
    expect(client.messages).toEqual(['75', '80', '85', '90', '95'].slice(5 - last));
  });

  it('with a cursor of another run goes on with what comes now', async () => {
    await using app = await bareApp();
    await using client = await app.watchExtended();
    await produce(app, 0, 10);
    await client.message('9');
    await client.ask('subscribe', { replay: { after: 'another-1' } });
    expect((await client.first('caught_up')).data).toMatchObject({ recovered: false, missing: null });
    expect(client.items).toHaveLength(10);
  });

  it('gives back the filter in the form that counts', async () => {
    await using app = await bareApp();
    await using client = await app.watchExtended();
    const filter = { search: 'x', levels: ['ERROR', 'INFO'], logger: 'b', where: { z: 1, a: null } };
    const { data } = await client.ask('subscribe', { filter });
    expect(JSON.stringify(data['filter'])).toBe(
      '{"levels":["INFO","ERROR"],"logger":["b"],"where":{"a":null,"z":1},"search":"x"}',
    );
    expect((await client.ask('subscribe', {})).data['filter']).toEqual({});
    expect((await client.ask('subscribe')).data['filter']).toEqual({});
  });

  it('shares a group with those who want the same, and leaves none behind', async () => {
    await using app = await bareApp();
    await using one = await app.watchExtended('level=ERROR');
    await using other = await app.watchExtended();
    expect(app.gateway.fanOut.groups).toBe(2);
    await other.ask('subscribe', { filter: { level: 'ERROR' } });
    expect(app.gateway.fanOut.groups).toBe(1);
    await produce(app, 0, 15);
    await Promise.all([one.message('14'), other.message('14')]);
    expect(one.client.texts.slice(1)).toEqual(other.client.texts.slice(2));
  });
});

describe('without a history', () => {
  it('records reach who watches, and nobody else', async () => {
    await using app = await bareApp({ history: false });
    const client = await app.watchExtended();
    await produce(app, 0, 50);
    await client.message('49');
    expect(client.seqs).toEqual(range(1, 51));
    await client.break();
    await eventually(() => app.gateway.clients === 0);
    expect(app.stream.history.length).toBe(0);
    expect(app.stream.wanted).toBe(false);
  });

  it('a client that resumes is not told that it missed nothing', async () => {
    await using app = await bareApp({ history: false });
    const before = await app.watchExtended();
    await produce(app, 0, 5);
    await before.message('4');
    await before.break();
    await eventually(() => app.gateway.clients === 0);
    app.logger.log('nobody sees this, and nobody counts it');
    await using after = await app.watchExtended(`after=${before.cursor}`);
    expect((await after.first('caught_up')).data).toMatchObject({ recovered: false, missing: null });
    expect(positionOf(after.cursor)).toBe(6);
  });

  it('a replay gives nothing', async () => {
    await using app = await bareApp({ history: false });
    await using client = await app.watchExtended();
    await produce(app, 0, 5);
    await client.message('4');
    await client.ask('subscribe', { replay: { last: 5 } });
    expect((await client.first('caught_up')).data).toMatchObject({ recovered: false, missing: null });
    expect(client.items).toHaveLength(5);
  });
});
