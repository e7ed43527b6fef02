import { CLOSE_CODES } from 'nestjs-log-stream';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { bareApp } from '../harness/bare-app.js';
import { turns } from '../harness/event-loop.js';
import { ExtendedClient, serverFrame } from '../harness/extended-client.js';
import { type MonitorClient } from '../harness/monitor-client.js';
import { type MonitoredApp } from '../harness/monitored-app.js';
import { handedOut, produce, range } from '../harness/produce.js';

/** The status, type and body with which a connection is refused. */
function refusal(url: string): Promise<{ status: number; type: string; body: unknown }> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.once('open', () => reject(new Error('was not refused')));
    socket.once('error', () => {});
    socket.once('unexpected-response', (_, response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const type = response.headers['content-type'] ?? '';
        resolve({ status: response.statusCode ?? 0, type, body: JSON.parse(String(Buffer.concat(chunks))) });
      });
    });
  });
}

function messages(client: MonitorClient): unknown[] {
  return client.frames.map(({ data }) => data['message']);
}

/** A plain client of a URL, with what it gets for the records of {@link publishMixed}. */
async function mixed(app: MonitoredApp): Promise<void> {
  app.stream.publish({ message: 'a', logger: 'app.http', level: 'ERROR', instance_id: 'abc' });
  app.stream.publish({ message: 'b', logger: 'app.db', level: 'WARNING', memory: { mb: 512 } });
  app.stream.publish({
    message: 'c',
    logger: 'audit.user',
    action: 'user_login',
    metadata: { role: 'admin' },
  });
  app.stream.publish({ message: 'd', logger: 'noise', level: 'DEBUG', is_audit: true, action: 'order' });
  app.stream.publish({ message: 'end', logger: 'end', level: 'CRITICAL', is_audit: true, action: 'end' });
  await handedOut(app);
}

describe('a client that opts in by its URL', () => {
  it('is greeted first, with everything that it has to know', async () => {
    await using app = await bareApp({ instance: 'here' });
    app.stream.publish({ message: 'before' });
    await using client = await app.watchExtended('category=audit');
    const [hello] = client.frames;
    expect(hello).toEqual({
      type: 'hello',
      items: [],
      cursor: app.stream.cursors.format(2),
      data: {
        version: 1,
        epoch: app.stream.cursors.epoch,
        instance: 'here',
        cursor: app.stream.cursors.format(2),
        heads: { oldest: 1, next: 2 },
        sees: ['system', 'audit'],
        filter: { category: 'audit' },
        limits: {
          message_bytes: 65_536,
          messages: 50,
          messages_window_ms: 10_000,
          history_records: 1_000,
          filter: { text: 256, patterns: 32, fields: 16, depth: 4 },
        },
      },
    });
  });

  it('gets batches: records with their numbers, as plain clients get them, and the cursor behind them', async () => {
    await using app = await bareApp();
    await using plain = await app.watch();
    await using client = await app.watchExtended();
    app.stream.publish({ message: 'system', logger: 'app', memory_mb: 512 });
    const audit = app.stream.publish({ message: 'audit', is_audit: true, action: 'a', metadata: { b: 1 } })!;
    await client.message('audit');
    await plain.count(2);
    const [system, audited] = plain.frames;
    expect(client.items).toEqual([
      { type: 'system_log', seq: 1, data: system!.data },
      { type: 'audit_log', seq: 2, data: { ...audited!.data, id: audit.id, origin: 'flag' } },
    ]);
    expect(audited!.data).not.toHaveProperty('id');
    expect(client.cursor).toBe(app.stream.cursors.format(3));
  });

  it('gets many records in few frames', async () => {
    await using app = await bareApp();
    await using client = await app.watchExtended();
    for (let n = 0; n < 200; n++) app.stream.publish({ message: String(n) });
    await client.message('199');
    expect(client.seqs).toEqual(range(1, 201));
    expect(client.all('batch').length).toBeLessThanOrEqual(2);
  });
});

describe('a client that opts in by a message', () => {
  it.each([1, 3, 20])(
    'misses and repeats nothing at the switch: plain before the hello, batches after it, bursts of %i',
    async (burst) => {
      await using app = await bareApp();
      await using client = await app.watch();
      let published = 0;
      const more = async (): Promise<void> => produce(app, published, (published += 20), burst);
      while (client.texts.length < 100) await more();
      client.socket.send('{"event":"hello","data":{"v":1},"id":"h"}');
      while (!client.texts.some((text) => text.startsWith('{"type":"hello"'))) await more();
      await more();
      await client.until(() => client.texts.at(-1)!.includes(`"message":"${published - 1}"`));
      const hello = client.texts.findIndex((text) => text.startsWith('{"type":"hello"'));
      const plain = client.frames.slice(0, hello);
      const batches = client.texts.slice(hello + 1).map(serverFrame);
      expect(new Set(plain.map(({ type }) => type))).toEqual(new Set(['system_log', 'audit_log']));
      expect(new Set(batches.map(({ type }) => type))).toEqual(new Set(['batch']));
      const seen = [
        ...plain.map(({ data }) => Number(data['message'])),
        ...batches.flatMap(({ items }) => items).map(({ data }) => Number(data['message'])),
      ];
      expect(seen).toEqual(range(0, published));
      expect(plain.length).toBeGreaterThanOrEqual(100);
      const greeting = serverFrame(client.texts[hello]!);
      expect(greeting.cursor).toBe(app.stream.cursors.format(plain.length + 1));
      expect(greeting.id).toBe('h');
    },
  );

  it('keeps the filter of its URL', async () => {
    await using app = await bareApp();
    const client = new ExtendedClient(await app.watch('/ws/monitor?level=ERROR'));
    await using _client = client;
    client.send({ event: 'hello', data: { v: 1 } });
    expect((await client.first('hello')).data['filter']).toEqual({ level: 'ERROR' });
    app.stream.publish({ message: 'no' });
    app.stream.publish({ message: 'yes', level: 'ERROR' });
    await client.message('yes');
    expect(client.messages).toEqual(['yes']);
  });

  it('may say it again, and is greeted again', async () => {
    await using app = await bareApp();
    await using client = await app.watchExtended();
    app.stream.publish({ message: 'one' });
    await client.message('one');
    const again = await client.ask('hello', { v: 1 });
    expect(again).toMatchObject({ type: 'hello', cursor: app.stream.cursors.format(2) });
    app.stream.publish({ message: 'two' });
    await client.message('two');
    expect(client.messages).toEqual(['one', 'two']);
    expect(app.gateway.fanOut.groups).toBe(1);
  });
});

describe('a plain client', () => {
  it('sees nothing but the two formats, whatever the extended ones beside it do', async () => {
    await using app = await bareApp({ compression: true, history: { records: 50 } });
    await using plain = await app.watch();
    await using filtered = await app.watch('/ws/monitor?category=audit');
    await produce(app, 0, 20);
    await using replayed = await app.watch('/ws/monitor?replay=10');
    await using empty = await app.watch('/ws/monitor?replay=0');
    await using noisy = await app.watchExtended('replay=5');
    await noisy.ask('subscribe', { filter: { level: 'ERROR' }, replay: { last: 3 } });
    await noisy.ask('pause');
    await produce(app, 20, 40);
    await noisy.ask('resume');
    await Promise.all([plain.count(40), filtered.count(8), replayed.count(30), empty.count(20)]);
    for (const client of [plain, filtered, replayed, empty]) {
      for (const text of client.texts)
        expect(text).toMatch(/^\{"type":"(system|audit)_log","data":\{"timestamp":/);
      for (const frame of client.frames) expect(Object.keys(frame)).toEqual(['type', 'data']);
    }
    expect(messages(plain).map(Number)).toEqual(range(0, 40));
    expect(messages(filtered).map(Number)).toEqual([0, 5, 10, 15, 20, 25, 30, 35]);
    expect(messages(replayed).map(Number)).toEqual(range(10, 40));
    expect(messages(empty).map(Number)).toEqual(range(20, 40));
  });

  it.each<[string, string[]]>([
    ['category=audit', ['c', 'd', 'end']],
    ['level=ERROR', ['a', 'end']],
    ['levels=WARNING,CRITICAL', ['b', 'end']],
    ['levels=WARNING&levels=CRITICAL', ['b', 'end']],
    ['logger=app.*,end', ['a', 'b', 'end']],
    ['logger=*.http&logger=end', ['a', 'end']],
    ['action=user_*,end', ['c', 'end']],
    ['where.instance_id=abc', ['a']],
    ['where.memory.mb=512', ['b']],
    ['where.metadata.role=admin', ['c']],
    ['search=ADMIN', ['c']],
    ['not.logger=app.*,noise', ['c', 'end']],
    ['not.category=audit&not.level=CRITICAL', ['a', 'b', 'c', 'd']],
    ['category=audit&not.where.metadata.role=admin', ['d', 'end']],
    ['token=secret&not.cache=buster&V=2', ['a', 'b', 'c', 'd', 'end']],
  ])('gets only what its URL asks for: %s', async (query, expected) => {
    await using app = await bareApp();
    await using client = await app.watch(`/ws/monitor?${query}`);
    await mixed(app);
    await client.count(expected.length);
    expect(messages(client)).toEqual(expected);
    await using replayed = await app.watch(`/ws/monitor?replay=100&${query}`);
    await replayed.count(expected.length);
    expect(messages(replayed)).toEqual(expected);
  });

  it('whose cursor is no longer there is told to come back, as it cannot be told what is missing', async () => {
    await using app = await bareApp({ history: { records: 10 } });
    const first = app.stream.cursors.format(1);
    await produce(app, 0, 30);
    await using client = await app.watch(`/ws/monitor?after=${first}`);
    expect((await client.closed()).code).toBe(CLOSE_CODES.tryAgainLater);
    expect(client.texts).toEqual([]);
    expect(app.gateway.fanOut.groups).toBeLessThanOrEqual(1);
  });

  it('is left alone by messages that it must not send', async () => {
    await using app = await bareApp();
    await using client = await app.watch();
    for (const event of ['subscribe', 'pause', 'resume', 'history', 'ping']) {
      client.socket.send(JSON.stringify({ event, data: { from: 1 }, id: event }));
    }
    await client.count(5);
    expect(client.frames.map(({ type, data }) => [type, data['code']])).toEqual(
      Array.from({ length: 5 }, () => ['error', 'hello_required']),
    );
    app.stream.publish({ message: 'still plain' });
    expect(await client.message('still plain')).toMatchObject({ type: 'system_log' });
  });
});

describe('a URL that asks for something impossible', () => {
  it.each<[string, string, string]>([
    ['v=2', 'unsupported_version', 'v'],
    ['v=', 'unsupported_version', 'v'],
    ['level=loud', 'invalid_filter', 'filter.level'],
    ['level=', 'invalid_filter', 'filter.level'],
    ['category=all', 'invalid_filter', 'filter.category'],
    ['levels=INFO,,ERROR', 'invalid_filter', 'filter.levels[1]'],
    ['logger=', 'invalid_filter', 'filter.logger[0]'],
    [`action=${'a,'.repeat(32)}a`, 'invalid_filter', 'filter.action'],
    ['search=', 'invalid_filter', 'filter.search'],
    ['where.=x', 'invalid_filter', 'filter.where'],
    [`where.a=${'x'.repeat(257)}`, 'invalid_filter', 'filter.where.a'],
    ['not.levels=NO', 'invalid_filter', 'filter.not.levels[0]'],
    ['replay=-1', 'invalid_replay', 'replay'],
    ['replay=1.5', 'invalid_replay', 'replay'],
    ['replay=all', 'invalid_replay', 'replay'],
    ['replay=', 'invalid_replay', 'replay'],
    ['replay=10000001', 'invalid_replay', 'replay'],
    [`after=${'x'.repeat(65)}`, 'invalid_replay', 'after'],
    ['after=foo', 'invalid_replay', 'after'],
    ['after=', 'invalid_replay', 'after'],
    ['after=e-1~x', 'invalid_replay', 'after'],
  ])('is refused with 400 and the error as JSON: %.40s', async (query, code, path) => {
    await using app = await bareApp();
    const { status, type, body } = await refusal(app.url(`/ws/monitor?${query}`));
    expect(status).toBe(400);
    expect(type).toBe('application/json');
    expect(body).toEqual({ code, path, message: expect.stringMatching(/\w/) as unknown });
    expect(app.gateway.clients).toBe(0);
    expect(app.gateway.counters.errors.get(code)).toBe(1);
  });

  it('is not explained to who may not watch', async () => {
    await using app = await bareApp({ authorize: () => false });
    expect(await app.refusal({}, '/ws/monitor?level=loud')).toBe(401);
  });
});

describe('the number of clients', () => {
  it('is exact while extended and plain ones come and go', async () => {
    await using app = await bareApp();
    const clients = await Promise.all([app.watch(), app.watchExtended(), app.watchExtended('level=ERROR')]);
    expect(app.gateway.clients).toBe(3);
    expect(app.gateway.fanOut.groups).toBe(3);
    await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
    while (app.gateway.clients > 0) await turns(1);
    expect(app.gateway.fanOut.groups).toBe(0);
    expect(app.stream.observed).toBe(false);
  });
});
