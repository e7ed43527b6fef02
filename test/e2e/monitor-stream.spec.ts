import { EXTENDED_CLOSE_CODES } from 'nestjs-log-stream';
import { describe, expect, it } from 'vitest';
import { bareApp } from '../harness/bare-app.js';
import { eventually } from '../harness/event-loop.js';
import { type MonitoredApp, monitoredApp } from '../harness/monitored-app.js';
import { produce } from '../harness/produce.js';

function start(platform: string): Promise<MonitoredApp> {
  const builder = monitoredApp({ logger: false, caller: 'never' });
  if (platform === 'fastify') builder.onFastify();
  return builder.start();
}

describe.each(['express', 'fastify'])('the stream over HTTP on %s', (platform) => {
  it('is Server-Sent Events: named, with the cursor as id and the record of a batch as data', async () => {
    await using app = await start(platform);
    const { cursors, history } = app.stream;
    const from = history.end;
    await using client = await app.read();
    expect(client.status).toBe(200);
    expect(client.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
      connection: 'close',
    });
    await using witness = await app.watchExtended();
    app.stream.publish({ message: 'one\r\ntwo\n\ndata: three\u2028', user: 'ann' });
    app.stream.publish({ message: 'four', is_audit: true, action: 'count' });
    await client.message('four');
    await witness.message('four');
    expect(client.blocks).toEqual([
      { retry: 1000, id: cursors.format(from) },
      {
        type: 'system_log',
        id: cursors.format(from + 1),
        data: JSON.stringify(witness.items[0]).replace('\u2028', '\\u2028'),
      },
      { type: 'audit_log', id: cursors.format(from + 2), data: JSON.stringify(witness.items[1]) },
    ]);
    expect(client.messages[0]).toBe('one\r\ntwo\n\ndata: three\u2028');
  });

  it.each<[string, string, Record<string, string>]>([
    ['the URL asks for it', 'format=ndjson', {}],
    ['the client accepts it', '', { accept: 'application/x-ndjson' }],
    [
      'the client accepts it, of several',
      '',
      { accept: 'application/json, Application/X-NDJSON;q=0.9, */*' },
    ],
  ])('is one JSON object a line when %s', async (_, query, headers) => {
    await using app = await start(platform);
    const { cursors, history } = app.stream;
    const from = history.end;
    await using client = await app.read(query, headers);
    expect(client.response.headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    app.stream.publish({ message: 'one\ntwo' });
    await client.message('one\ntwo');
    const [first, second, rest] = client.text.split('\n');
    expect(JSON.parse(first!)).toEqual({ type: 'heartbeat', cursor: cursors.format(from) });
    expect(JSON.parse(second!)).toEqual({
      type: 'system_log',
      seq: from,
      data: expect.objectContaining({ message: 'one\ntwo' }),
      cursor: cursors.format(from + 1),
    });
    expect(rest).toBe('');
  });

  it.each([
    ['format=sse', { accept: 'application/x-ndjson' }],
    ['', { accept: 'text/event-stream, application/x-ndjson' }],
    ['', { accept: '*/*' }],
  ])('is Server-Sent Events for %o %o', async (query, headers) => {
    await using app = await start(platform);
    await using client = await app.read(query, headers);
    expect(client.response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
  });

  it('sends the headers at once, before there is anything to tell', async () => {
    await using app = await start(platform);
    await using client = await app.read();
    await client.until(() => client.blocks.length === 1);
    expect(client.text).toMatch(/^retry: 1000\nid: \S+\n\n$/);
  });

  it('filters and replays as the URL says', async () => {
    await using app = await start(platform);
    await produce(app, 0, 50);
    await using client = await app.read('category=audit&where.kind=1&replay=2');
    await client.first('caught_up');
    expect(client.messages).toEqual(['25', '40']);
    app.stream.publish({ message: 'no', kind: 1 });
    app.stream.publish({ message: 'yes', kind: 1, is_audit: true });
    await client.message('yes');
    expect(client.messages).toEqual(['25', '40', 'yes']);
  });

  it('says goodbye when the app shuts down, which it does not hold up', async () => {
    const app = await start(platform);
    const clients = await Promise.all([app.read(), app.read('format=ndjson'), app.read('level=ERROR')]);
    app.stream.publish({ message: 'last words', level: 'ERROR' });
    const started = performance.now();
    await app.close();
    expect(performance.now() - started).toBeLessThan(900);
    await Promise.all(clients.map((client) => client.gone));
    for (const client of clients) {
      expect(client.response.complete).toBe(true);
      expect(client.messages).toContain('last words');
      expect(client.frames.at(-1)).toMatchObject({
        type: 'closing',
        data: { code: EXTENDED_CLOSE_CODES.shutdown, reconnect: true, after_ms: 1000 },
      });
    }
    expect(app.gateway.clients).toBe(0);
    expect(app.gateway.counters.closes).toEqual(new Map([[4000, 3]]));
  });

  it('answers HEAD with the headers alone', async () => {
    await using app = await start(platform);
    const response = await app.request('/monitor/stream', { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(app.gateway.counters.connected).toBe(0);
  });

  it('is forgotten when its client leaves', async () => {
    await using app = await start(platform);
    const client = await app.read();
    expect(app.gateway.clients).toBe(1);
    expect(app.stream.observed).toBe(true);
    await client.break();
    await eventually(() => app.gateway.clients === 0);
    expect(app.stream.observed).toBe(false);
    expect(app.gateway.counters).toMatchObject({ connected: 1, disconnected: 1 });
    expect(app.gateway.counters.closes).toEqual(new Map([[1000, 1]]));
  });
});

describe('clients of one format and filter', () => {
  it('share their bytes, and are one group each', async () => {
    await using app = await bareApp();
    const clients = await Promise.all(
      ['', '', '', 'format=ndjson', 'format=ndjson'].map((query) => app.read(query)),
    );
    expect(app.gateway.fanOut.groups).toBe(2);
    expect(app.gateway.clients).toBe(5);
    await produce(app, 0, 100);
    await Promise.all(clients.map((client) => client.message('99')));
    expect(new Set(clients.map(({ seqs }) => seqs.join())).size).toBe(1);
    await Promise.all(clients.map((client) => client.break()));
    await eventually(() => app.gateway.fanOut.groups === 0);
  });
});
