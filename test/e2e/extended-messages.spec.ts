import { EXTENDED_CLOSE_CODES } from 'nestjs-log-stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { bareApp } from '../harness/bare-app.js';
import { eventually } from '../harness/event-loop.js';
import { clientFrame, OPCODES } from '../harness/frames.js';
import { serverFrame } from '../harness/extended-client.js';
import { handedOut, produce, range } from '../harness/produce.js';

describe('a message that cannot be used', () => {
  const TOO_DEEP = { not: { not: { not: { not: { not: {} } } } } };

  it.each<[string, unknown, string, string | undefined]>([
    ['no JSON', '{"event"', 'invalid_json', undefined],
    ['no object', '[1]', 'invalid_message', undefined],
    ['no event', '{"data":{}}', 'invalid_message', undefined],
    ['an event that is no text', '{"event":1}', 'invalid_message', undefined],
    ['an unknown event', { event: 'launch' }, 'unknown_event', 'event'],
    ['another version', { event: 'hello', data: { v: 2 } }, 'unsupported_version', 'data.v'],
    ['no version', { event: 'hello' }, 'unsupported_version', 'data.v'],
    [
      'a filter that is no object',
      { event: 'subscribe', data: { filter: 1 } },
      'invalid_filter',
      'data.filter',
    ],
    [
      'an unknown field',
      { event: 'subscribe', data: { filter: { lvl: 'INFO' } } },
      'invalid_filter',
      'data.filter.lvl',
    ],
    [
      'a wrong level deep inside',
      { event: 'subscribe', data: { filter: { not: { levels: ['INFO', 'x'] } } } },
      'invalid_filter',
      'data.filter.not.levels[1]',
    ],
    [
      'a filter that is too deep',
      { event: 'subscribe', data: { filter: TOO_DEEP } },
      'invalid_filter',
      'data.filter.not.not.not.not.not',
    ],
    ['an empty replay', { event: 'subscribe', data: { replay: {} } }, 'invalid_replay', 'data.replay'],
    ['no replay', { event: 'subscribe', data: { replay: null } }, 'invalid_replay', 'data.replay'],
    [
      'a negative replay',
      { event: 'subscribe', data: { replay: { last: -1 } } },
      'invalid_replay',
      'data.replay',
    ],
    [
      'a replay of halves',
      { event: 'subscribe', data: { replay: { last: 0.5 } } },
      'invalid_replay',
      'data.replay',
    ],
    [
      'a replay of both kinds',
      { event: 'subscribe', data: { replay: { last: 1, after: 'x' } } },
      'invalid_replay',
      'data.replay',
    ],
    [
      'a cursor that is a number',
      { event: 'subscribe', data: { replay: { after: 7 } } },
      'invalid_replay',
      'data.replay',
    ],
    ['no range', { event: 'history' }, 'invalid_range', 'data.from'],
    ['a range from nothing', { event: 'history', data: { from: 0 } }, 'invalid_range', 'data.from'],
    ['a range that goes back', { event: 'history', data: { from: 5, to: 4 } }, 'invalid_range', 'data.to'],
    [
      'a range of no records',
      { event: 'history', data: { from: 1, limit: 0 } },
      'invalid_range',
      'data.limit',
    ],
    [
      'a range that is too long',
      { event: 'history', data: { from: 1, limit: 1001 } },
      'invalid_range',
      'data.limit',
    ],
  ])('is answered with its code and path, and changes nothing: %s', async (_, message, code, path) => {
    await using app = await bareApp();
    await using client = await app.watchExtended('level=ERROR');
    client.send(typeof message === 'string' ? message : { ...(message as object), id: 'q' });
    const error = await client.first('error');
    expect(error.data).toEqual({
      code,
      message: expect.stringMatching(/\w/) as unknown,
      ...(path === undefined ? {} : { path }),
    });
    expect(error.id).toBe(typeof message === 'string' ? undefined : 'q');
    expect(app.gateway.counters.errors).toEqual(new Map([[code, 1]]));
    await produce(app, 1, 15);
    await client.message('14');
    expect(client.messages).toEqual(['7', '14']);
    expect(client.frames.map(({ type }) => type).filter((type) => type !== 'batch')).toEqual([
      'hello',
      'error',
    ]);
  });

  it('is answered also when it is binary', async () => {
    await using app = await bareApp();
    await using client = await app.watchExtended();
    client.client.socket.send(Buffer.from('{"event":"ping"}'));
    expect((await client.first('error')).data['code']).toBe('binary_message');
  });

  it.each<[unknown]>([[{}], [null], [true], [['a']]])('has no id when its id is %j', async (id) => {
    await using app = await bareApp();
    await using client = await app.watchExtended();
    client.send({ event: 'ping', id });
    expect(await client.first('pong')).toEqual({ type: 'pong', data: {}, items: [] });
  });
});

describe('a ping', () => {
  it.each([0, -1.5, '', 'id', '"quoted"\n'])('is answered by a pong with its id: %j', async (id) => {
    await using app = await bareApp();
    await using client = await app.watchExtended();
    client.send({ event: 'ping', id });
    expect(await client.answer(id)).toEqual({ type: 'pong', data: {}, id, items: [] });
  });
});

describe('pause and resume', () => {
  it('hold back and give all of it, and nothing twice', async () => {
    await using app = await bareApp();
    await using client = await app.watchExtended();
    await produce(app, 0, 50);
    await client.message('49');
    const paused = await client.ask('pause');
    expect(paused).toMatchObject({ type: 'reply', cursor: app.stream.cursors.format(51) });
    await produce(app, 50, 150);
    await client.ask('ping');
    expect(client.seqs).toEqual(range(1, 51));
    const resumed = await client.ask('resume');
    expect(resumed.cursor).toBe(paused.cursor);
    await produce(app, 150, 200);
    await client.message('199');
    expect(client.seqs).toEqual(range(1, 201));
    expect(client.all('gap')).toEqual([]);
    expect(client.all('caught_up')).toEqual([]);
  });

  it('may come in any order and number', async () => {
    await using app = await bareApp();
    await using client = await app.watchExtended();
    for (const event of ['resume', 'pause', 'pause', 'resume', 'resume', 'pause']) await client.ask(event);
    await produce(app, 0, 30);
    await client.ask('resume');
    await client.message('29');
    expect(client.seqs).toEqual(range(1, 31));
  });

  it('tell what is gone when the history has passed a client that paused', async () => {
    await using app = await bareApp({ history: { records: 20 } });
    await using client = await app.watchExtended('category=system');
    await client.ask('pause');
    await produce(app, 0, 100);
    await client.ask('resume');
    await client.message('99');
    const { data } = await client.first('gap');
    expect(data).toEqual({ from: 1, to: 80, count: 80, reason: 'slow_consumer', fetchable: false });
    expect(client.seqs).toEqual(range(81, 101).filter((seq) => (seq - 1) % 5 !== 0));
  });

  it('let a subscribe go before: what comes after resume passes the new filter', async () => {
    await using app = await bareApp();
    await using client = await app.watchExtended();
    await produce(app, 0, 10);
    await client.message('9');
    await client.ask('pause');
    await produce(app, 10, 30);
    await client.ask('subscribe', { filter: { level: 'ERROR' }, replay: { last: 4 } });
    await client.ask('ping');
    expect(client.items).toHaveLength(10);
    await client.ask('resume');
    await client.first('caught_up');
    expect(client.messages.slice(10)).toEqual(['7', '14', '21', '28']);
  });
});

describe('history', () => {
  it('gives the records of a range, with their numbers, both ends included', async () => {
    await using app = await bareApp();
    await using client = await app.watchExtended();
    await produce(app, 0, 20);
    await client.message('19');
    const { data } = await client.ask('history', { from: 5, to: 8 });
    expect(data).toEqual({ records: client.items.slice(4, 8), missing: 0 });
  });

  it('counts what is no longer there, and says where to go on', async () => {
    await using app = await bareApp({ history: { records: 50 } });
    await using client = await app.watchExtended();
    await produce(app, 0, 120);
    const seqs = (data: Readonly<Record<string, unknown>>): number[] =>
      (data['records'] as { seq: number }[]).map(({ seq }) => seq);
    const first = (await client.ask('history', { from: 61, limit: 30 })).data;
    expect(first).toMatchObject({ missing: 10, next: 101 });
    expect(seqs(first)).toEqual(range(71, 101));
    const second = (await client.ask('history', { from: first['next'], limit: 30 })).data;
    expect(second['missing']).toBe(0);
    expect(second).not.toHaveProperty('next');
    expect(seqs(second)).toEqual(range(101, 121));
  });

  it.each<[object, object]>([
    [
      { from: 1, to: 20 },
      { records: [], missing: 20 },
    ],
    [
      { from: 60, to: 70 },
      { records: [], missing: 11 },
    ],
    [{ from: 121 }, { records: [], missing: 0 }],
    [
      { from: 500, to: 600 },
      { records: [], missing: 0 },
    ],
  ])('of %j has nothing to give', async (wanted, answer) => {
    await using app = await bareApp({ history: { records: 50 } });
    await using client = await app.watchExtended();
    await produce(app, 0, 120);
    expect((await client.ask('history', wanted)).data).toEqual(answer);
  });

  it('passes the filter of the client, and can be followed through a long stretch without a match', async () => {
    await using app = await bareApp();
    await using client = await app.watchExtended('search=needle');
    app.stream.publish({ message: 'needle 1' });
    for (let n = 0; n < 9_000; n++) app.stream.publish({ message: 'hay' });
    app.stream.publish({ message: 'needle 2' });
    const found: unknown[] = [];
    let next: unknown = 1;
    let requests = 0;
    for (; next !== undefined; requests++) {
      const { data } = await client.ask('history', { from: next });
      found.push(...(data['records'] as { data: { message: string } }[]).map((item) => item.data.message));
      next = data['next'];
    }
    expect(found).toEqual(['needle 1', 'needle 2']);
    // One request must not look at everything at once.
    expect(requests).toBeGreaterThanOrEqual(3);
  });

  it('is cut when its records are large', async () => {
    await using app = await bareApp();
    await using client = await app.watchExtended('logger=nobody');
    for (let n = 0; n < 100; n++) app.stream.publish({ message: 'x'.repeat(30_000), logger: 'nobody' });
    const { data } = await client.ask('history', { from: 1 });
    expect((data['records'] as unknown[]).length).toBeLessThan(40);
    expect(data['next']).toBe((data['records'] as unknown[]).length + 1);
  });

  it('is refused to a client that does not read the answers, so that they cannot pile up', async () => {
    await using app = await bareApp({ history: { records: 1_000, bytes: 256 * 1024 ** 2 } });
    for (let n = 0; n < 100; n++) app.stream.publish({ message: 'x'.repeat(32_000) });
    await using client = await app.watchRaw('/ws/monitor?v=1');
    client.pause();
    for (let id = 0; id < 50; id++) {
      client.write(clientFrame(OPCODES.text, JSON.stringify({ event: 'history', id, data: { from: 1 } })));
    }
    await eventually(() => app.gateway.counters.errors.get('too_slow') !== undefined);
    expect(app.peers[0]!.bufferedAmount).toBeLessThan(4 * 1024 ** 2);
    client.resume();
    await client.until(() => client.texts.length === 51);
    const answers = client.texts.slice(1).map(serverFrame);
    expect(answers.map(({ id }) => id)).toEqual(range(0, 50));
    expect(new Set(answers.map(({ type }) => type))).toEqual(new Set(['reply', 'error']));
  });
});

describe('stats', () => {
  afterEach(() => void vi.useRealTimers());

  it('come every five seconds, exact, and to extended clients only', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    await using app = await bareApp();
    await using plain = await app.watch();
    await using client = await app.watchExtended('level=ERROR');
    await produce(app, 0, 70);
    await handedOut(app);
    vi.advanceTimersByTime(4_999);
    await client.ask('ping');
    expect(client.all('stats')).toEqual([]);
    vi.advanceTimersByTime(1);
    const { data } = await client.first('stats');
    expect(data).toEqual({
      cursor: app.stream.cursors.format(71),
      lag: { records: 0, ms: 0 },
      delivered: 10,
      filtered: 60,
      dropped: 0,
      rates: {
        DEBUG: 0,
        INFO: expect.any(Number) as number,
        WARNING: 0,
        ERROR: expect.any(Number) as number,
        CRITICAL: 0,
      },
    });
    const { INFO, ERROR } = data['rates'] as { INFO: number; ERROR: number };
    expect(ERROR).toBeGreaterThan(0);
    expect(INFO / ERROR).toBeCloseTo(6, 0);
    expect(client.cursor).toBe(app.stream.cursors.format(71));
    vi.advanceTimersByTime(5_000);
    const second = await client.nth('stats', 2);
    expect((second.data['rates'] as { INFO: number }).INFO).toBe(0);
    await plain.count(70);
    expect(plain.frames.every(({ type }) => type.endsWith('_log'))).toBe(true);
  });

  it('show how far a client is behind, and what it was not given', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    await using app = await bareApp({ history: { records: 20 } });
    await using client = await app.watchExtended('category=system');
    await client.ask('pause');
    app.stream.publish({ message: 'old', timestamp: Date.now() - 60_000 });
    for (let n = 0; n < 9; n++) app.stream.publish({ message: String(n) });
    vi.advanceTimersByTime(5_000);
    const { lag } = (await client.nth('stats', 1)).data as { lag: { records: number; ms: number } };
    expect(lag.records).toBe(10);
    expect(lag.ms).toBeGreaterThanOrEqual(60_000);
    for (let n = 9; n < 39; n++) app.stream.publish({ message: String(n) });
    await client.ask('resume');
    await client.message('38');
    vi.advanceTimersByTime(5_000);
    expect((await client.nth('stats', 2)).data).toMatchObject({ delivered: 20, filtered: 0, dropped: 20 });
  });
});

describe('goodbye', () => {
  it('is said before the close: an application that shuts down tells when to come back', async () => {
    const app = await bareApp();
    const client = await app.watchExtended();
    app.stream.publish({ message: 'last words' });
    const closed = client.closed();
    await app.close();
    expect(await closed).toEqual({
      code: EXTENDED_CLOSE_CODES.shutdown,
      reason: 'the application shuts down',
    });
    expect(client.messages).toEqual(['last words']);
    expect(client.frames.at(-1)).toMatchObject({
      type: 'closing',
      data: { code: 4000, reason: 'the application shuts down', reconnect: true, after_ms: 1000 },
    });
  });

  it('is final for one who sent too many messages', async () => {
    await using app = await bareApp();
    const client = await app.watchExtended();
    const closed = client.closed();
    for (let id = 0; id < 60; id++) client.send({ event: 'ping', id });
    expect((await closed).code).toBe(EXTENDED_CLOSE_CODES.tooManyMessages);
    expect(client.all('pong')).toHaveLength(50);
    expect(client.frames.at(-1)!.data).toEqual({
      code: 4500,
      reason: 'More than 50 messages in 10 s.',
      reconnect: false,
      after_ms: 0,
    });
    await eventually(() => app.gateway.clients === 0);
    expect(app.gateway.counters.closings).toEqual(new Map([[4500, 1]]));
  });

  it('is said once, even when the application shuts down meanwhile', async () => {
    const app = await bareApp();
    const client = await app.watchRaw('/ws/monitor?v=1');
    const { counters } = app.gateway;
    for (let n = 0; n < 60; n++) client.write(clientFrame(OPCODES.text, '{"event":"ping"}'));
    await client.until(() => client.closeCode !== undefined);
    await app.close();
    await client.gone;
    expect(counters.closings).toEqual(new Map([[4500, 1]]));
    expect(client.texts.filter((text) => text.includes('"closing"'))).toHaveLength(1);
  });

  it('does not last: a client that goes on sending, and never answers the close, is cut off', async () => {
    await using app = await bareApp();
    await using client = await app.watchRaw('/ws/monitor?v=1');
    const ping = clientFrame(OPCODES.text, '{"event":"ping"}');
    for (let n = 0; n < 60; n++) client.write(ping);
    await client.until(() => client.closeCode !== undefined);
    // Each message used to start the second anew.
    const flood = setInterval(() => client.write(ping), 100);
    await client.gone;
    clearInterval(flood);
    expect(client.closeCode).toBe(4500);
    expect(app.gateway.counters.closings).toEqual(new Map([[4500, 1]]));
  });
});
