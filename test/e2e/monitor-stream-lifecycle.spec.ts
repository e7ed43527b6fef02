import { EXTENDED_CLOSE_CODES } from 'nestjs-log-stream';
import { type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { bareApp } from '../harness/bare-app.js';
import { eventually, turns } from '../harness/event-loop.js';
import { flood } from '../harness/flood.js';
import { Ledger } from '../harness/ledger.js';
import { type MonitoredApp, monitoredApp } from '../harness/monitored-app.js';
import { activeResources, addedResources, OwnTimers } from '../harness/own-timers.js';
import { range, recordsOf } from '../harness/produce.js';
import { type StreamClient } from '../harness/stream-client.js';

const MIB = 1024 * 1024;
const HIGH_WATER_MARK = MIB;
/** What one write adds at most: a chunk, and the record that made it full. */
const ONE_CHUNK = 65_536 + 10_000;

/** Publishes until a client that has stopped reading is far behind: the kernel has taken what it takes. */
async function stall(app: MonitoredApp, client: StreamClient): Promise<void> {
  client.response.pause();
  while (app.gateway.fanOut.lag < 1_000) await flood(app, 100);
}

async function readToTheEnd(app: MonitoredApp, client: StreamClient): Promise<void> {
  client.response.resume();
  const end = app.stream.cursors.format(app.stream.history.end);
  await client.until(() => client.cursor === end);
}

describe.each(['sse', 'ndjson'])('a reader of %s that stops', (format) => {
  it('misses nothing that the history still has, and costs no more than the mark', async () => {
    await using app = await bareApp({ history: { records: 100_000, bytes: 512 * MIB } });
    await using slow = await app.read(`format=${format}`);
    await stall(app, slow);
    const largest = await flood(app, 1_000);
    expect(largest).toBeGreaterThan(0);
    expect(largest).toBeLessThanOrEqual(HIGH_WATER_MARK + ONE_CHUNK);
    await readToTheEnd(app, slow);
    expect(slow.seqs).toEqual(range(1, app.stream.history.end));
    expect(slow.all('gap')).toEqual([]);
  });

  it('is told exactly what it lost, and goes on; the others notice nothing', async () => {
    await using app = await bareApp({ history: { records: 300, bytes: 64 * MIB } });
    const records = recordsOf(app);
    await using quick = await app.read(`format=${format}`);
    await using slow = await app.read(`format=${format}`);
    await stall(app, slow);
    await flood(app, 1_500);
    await readToTheEnd(app, slow);
    const ledger = new Ledger(records, 1);
    for (const frame of slow.frames) ledger.book(frame);
    expect(ledger.position).toBe(app.stream.history.end);
    expect(ledger.missed).toBeGreaterThan(500);
    expect(slow.all('gap')[0]!.data).toMatchObject({ reason: 'slow_consumer', fetchable: false });
    await quick.until(() => quick.seqs.length >= records.length);
    expect(quick.seqs).toEqual(range(1, records.length + 1));
    app.stream.publish({ message: 'live again' });
    await slow.message('live again');
  });

  it('is sent away before it would lose audit records, and told what is gone when it comes back', async () => {
    await using app = await bareApp({ history: { records: 300, bytes: 64 * MIB } });
    const records = recordsOf(app);
    const slow = await app.read(`format=${format}`);
    await stall(app, slow);
    app.stream.publish({ message: 'an audit record that it will miss', is_audit: true, action: 'x' });
    await flood(app, 1_500);
    slow.response.resume();
    await slow.gone;
    expect(slow.frames.at(-1)).toEqual({
      type: 'closing',
      data: expect.objectContaining({
        code: EXTENDED_CLOSE_CODES.auditOverrun,
        reconnect: true,
        after_ms: 0,
      }),
      items: [],
    });
    const ledger = new Ledger(records, 1);
    for (const frame of slow.frames) ledger.book(frame);
    await eventually(() => app.gateway.clients === 0);
    await using again = await app.read(`format=${format}`, { 'Last-Event-ID': slow.cursor! });
    await again.first('caught_up');
    for (const frame of again.frames) ledger.book(frame);
    expect(again.all('gap')[0]!.data).toMatchObject({ reason: 'evicted' });
    expect(ledger.position).toBe(app.stream.history.end);
    expect(ledger.delivered + ledger.missed).toBe(records.length);
  });
});

describe('a client of the stream over HTTP whose socket takes nothing', () => {
  afterEach(() => void vi.useRealTimers());

  it('for more than 30 s is closed with 4001', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    await using app = await bareApp({ history: { records: 10_000, bytes: 256 * MIB } });
    await using slow = await app.read();
    await stall(app, slow);
    vi.advanceTimersByTime(29_000);
    expect(app.gateway.counters.closings.size).toBe(0);
    vi.advanceTimersByTime(11_000);
    expect(app.gateway.counters.closings).toEqual(new Map([[4001, 1]]));
    slow.response.resume();
    await slow.gone;
    expect(slow.frames.at(-1)).toMatchObject({ type: 'closing', data: { code: 4001, after_ms: 1000 } });
  });

  it('does not hold up a shutdown for longer than its deadline, nor another one', async () => {
    const app = await bareApp({ history: { records: 10_000, bytes: 256 * MIB } });
    const slow = await app.read();
    const quick = await app.read();
    await stall(app, slow);
    const started = performance.now();
    await app.close();
    expect(performance.now() - started).toBeLessThan(3_000);
    await quick.gone;
    expect(quick.frames.at(-1)).toMatchObject({ type: 'closing' });
    slow.response.resume();
    await slow.gone;
  });
});

describe('a peer of the stream over HTTP that vanished without closing', () => {
  afterEach(() => void vi.useRealTimers());

  it.each(['sse', 'ndjson'])('is cut once it has taken nothing for 30 s: %s', async (format) => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    await using app = await bareApp({ history: { records: 300, bytes: 64 * MIB } });
    await using alive = await app.read(`format=${format}`);
    // Reads nothing, answers nothing, ends nothing.
    const vanished = connect(app.port, '127.0.0.1').on('error', () => {});
    vanished.write(`GET /monitor/stream?format=${format} HTTP/1.1\r\nHost: 127.0.0.1:${app.port}\r\n\r\n`);
    await eventually(() => app.gateway.clients === 2);
    vanished.pause();
    while (app.gateway.fanOut.lag < 1_000) await flood(app, 100);
    vi.advanceTimersByTime(40_000);
    expect(app.gateway.counters.closings).toEqual(new Map([[4001, 1]]));
    // Its socket is not left to it either: it would never end its half.
    await eventually(() => app.gateway.clients === 1);
    const open = (): Promise<number> =>
      new Promise((resolve, reject) =>
        app.httpServer.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      );
    while ((await open()) > 1) await turns(1);
    app.stream.publish({ message: 'alive' });
    await alive.message('alive');
    vanished.destroy();
  });

  it('gets no heartbeats that would only pile up', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    await using app = await bareApp({ history: { records: 300, bytes: 64 * MIB } });
    await using slow = await app.read();
    await stall(app, slow);
    const response = app.peers[0] as unknown as ServerResponse;
    const before = response.writableLength;
    vi.advanceTimersByTime(25_000);
    expect(response.writableLength).toBe(before);
  });
});

describe('a heartbeat', () => {
  afterEach(() => void vi.useRealTimers());

  it.each([
    ['sse', (cursor: string) => `: heartbeat\nid: ${cursor}\n\n`],
    ['ndjson', (cursor: string) => `{"type":"heartbeat","cursor":"${cursor}"}\n`],
  ])('comes every 15 s and moves the cursor over what the filter held back: %s', async (format, line) => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    await using app = await bareApp();
    await using client = await app.read(`format=${format}&level=ERROR`);
    await client.until(() => client.frames.length === 1);
    vi.advanceTimersByTime(14_999);
    for (let n = 0; n < 10; n++) app.stream.publish({ message: 'held back' });
    await eventually(() => app.gateway.fanOut.lag === 0);
    vi.advanceTimersByTime(1);
    await client.until(() => client.frames.length === 2);
    expect(client.text.endsWith(line(app.stream.cursors.format(11)))).toBe(true);
    for (let beats = 3; beats <= 4; beats++) {
      vi.advanceTimersByTime(15_000);
      await client.until(() => client.frames.length === beats);
    }
  });
});

describe.each(['express', 'fastify'])('200 connects and disconnects over HTTP on %s', (platform) => {
  it(
    'leave no listener, no timer, no subscription, no session and no socket',
    { timeout: 60_000 },
    async () => {
      const builder = monitoredApp({ logger: false, caller: 'never' });
      if (platform === 'fastify') builder.onFastify();
      await using app = await builder.start();
      using timers = new OwnTimers();
      const cycle = async (index: number): Promise<void> => {
        const client = await app.read(index % 2 === 0 ? '' : 'format=ndjson');
        app.stream.publish({ message: `m${index}` });
        if (index % 3 === 0) await client.message(`m${index}`);
        await client.break();
      };
      const cycles = async (from: number, to: number): Promise<void> => {
        for (let index = from; index < to; index += 20) {
          await Promise.all(Array.from({ length: 20 }, (_, offset) => cycle(index + offset)));
        }
        await eventually(() => app.gateway.clients === 0);
      };
      const listeners = (): number[] =>
        app.httpServer.eventNames().map((event) => app.httpServer.listenerCount(event));
      await cycles(0, 20);
      await eventually(() => timers.waiting.length === 0);
      const before = { listeners: listeners(), resources: activeResources() };
      await cycles(20, 220);
      await eventually(() => timers.waiting.length === 0);
      await eventually(() => addedResources(before.resources)['TCPSocketWrap'] === undefined);
      expect(listeners()).toEqual(before.listeners);
      expect(addedResources(before.resources)).toEqual({});
      expect(app.gateway.counters).toMatchObject({ connected: 220, disconnected: 220 });
      expect(app.gateway.fanOut.groups).toBe(0);
      expect(app.stream.observed).toBe(false);
      expect(timers.total).toBeGreaterThan(0);
    },
  );
});
