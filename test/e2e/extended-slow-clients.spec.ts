import { CLOSE_CODES, EXTENDED_CLOSE_CODES } from 'nestjs-log-stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { bareApp } from '../harness/bare-app.js';
import { eventually, turns } from '../harness/event-loop.js';
import { flood } from '../harness/flood.js';
import { serverFrame, type ServerFrame } from '../harness/extended-client.js';
import { clientFrame, OPCODES } from '../harness/frames.js';
import { Ledger, positionOf } from '../harness/ledger.js';
import { type MonitoredApp } from '../harness/monitored-app.js';
import { range, recordsOf } from '../harness/produce.js';
import { type RawClient } from '../harness/raw-client.js';

const MIB = 1024 * 1024;
const HIGH_WATER_MARK = MIB;
/** What one write adds at most: a chunk, and the record that made it full. */
const ONE_CHUNK = 65_536 + 10_000;
const V1 = '/ws/monitor?v=1';

/**
 * Publishes until the kernel takes no more for a client that has stopped reading.
 *
 * @param rest what to wait for in between, for the sake of clients that must not fall behind
 */
async function stall(app: MonitoredApp, client: RawClient, rest?: () => Promise<void>): Promise<void> {
  client.pause();
  while (Math.max(...app.peers.map((peer) => peer.bufferedAmount)) <= HIGH_WATER_MARK) {
    await flood(app, 100);
    await rest?.();
  }
}

function framesOf(client: RawClient): ServerFrame[] {
  return client.texts.map(serverFrame);
}

/** Reads until the client has everything, by its own account. */
async function readToTheEnd(app: MonitoredApp, client: RawClient): Promise<void> {
  client.resume();
  const end = app.stream.history.end;
  await client.until(() =>
    client.texts.some((text) => text.endsWith(`"cursor":"${app.stream.cursors.format(end)}"}`)),
  );
}

describe('an extended client that stops reading', () => {
  it('misses nothing that the history still has', async () => {
    await using app = await bareApp({ history: { records: 100_000, bytes: 512 * MIB } });
    await using slow = await app.watchRaw(V1);
    await stall(app, slow);
    const largest = await flood(app, 1_000);
    expect(largest).toBeGreaterThan(HIGH_WATER_MARK);
    expect(largest).toBeLessThanOrEqual(HIGH_WATER_MARK + ONE_CHUNK);
    await readToTheEnd(app, slow);
    const seqs = framesOf(slow).flatMap(({ items }) => items.map(({ seq }) => seq));
    expect(seqs).toEqual(range(1, app.stream.history.end));
    expect(framesOf(slow).every(({ type }) => type === 'hello' || type === 'batch')).toBe(true);
  });

  it('is told exactly which system records it lost, and goes on; the others notice nothing', async () => {
    await using app = await bareApp({ history: { records: 300, bytes: 64 * MIB } });
    const records = recordsOf(app);
    await using quick = await app.watchExtended();
    await using slow = await app.watchRaw(V1);
    // The history is short: on a busy machine a client that only reads would fall behind as well.
    const quickHasAll = (): Promise<void> => quick.until(() => quick.seqs.length === records.length);
    await stall(app, slow, quickHasAll);
    const before = app.peers[1]!.bufferedAmount;
    let largest = 0;
    for (let round = 0; round < 20; round++) {
      largest = Math.max(largest, await flood(app, 100));
      await quickHasAll();
    }
    expect(largest).toBeLessThanOrEqual(HIGH_WATER_MARK + ONE_CHUNK);
    // A stalled client costs a number, not a queue.
    expect(app.peers[1]!.bufferedAmount).toBe(before);
    await readToTheEnd(app, slow);

    const ledger = new Ledger(records, 1);
    for (const frame of framesOf(slow)) ledger.book(frame);
    expect(ledger.position).toBe(app.stream.history.end);
    expect(ledger.delivered + ledger.missed).toBe(records.length);
    const gaps = framesOf(slow).filter(({ type }) => type === 'gap');
    expect(gaps.length).toBeGreaterThan(0);
    for (const { data } of gaps) expect(data).toMatchObject({ reason: 'slow_consumer', fetchable: false });
    expect(app.gateway.counters.dropped.get('slow_consumer')).toBe(ledger.missed);
    expect(ledger.missed).toBeGreaterThan(1_000);

    await quick.until(() => quick.seqs.length >= records.length);
    expect(quick.seqs).toEqual(range(1, records.length + 1));
    expect(quick.all('gap')).toEqual([]);
    app.stream.publish({ message: 'live again' });
    await slow.until(() => slow.texts.at(-1)!.includes('live again'));
  });

  it('is closed with 4002 before it would lose audit records, resumes, and is told what is gone', async () => {
    await using app = await bareApp({ history: { records: 300, bytes: 64 * MIB } });
    const records = recordsOf(app);
    await using slow = await app.watchRaw(V1);
    await stall(app, slow);
    app.stream.publish({ message: 'an audit record that it will miss', is_audit: true, action: 'x' });
    await flood(app, 2_000);
    slow.resume();
    await slow.until(() => slow.closeCode !== undefined);
    expect(slow.closeCode).toBe(EXTENDED_CLOSE_CODES.auditOverrun);
    const frames = framesOf(slow);
    expect(frames.at(-1)).toMatchObject({
      type: 'closing',
      data: { code: 4002, reconnect: true, after_ms: 0 },
    });
    expect(frames.some(({ type }) => type === 'gap')).toBe(false);
    const ledger = new Ledger(records, 1);
    for (const frame of frames) ledger.book(frame);
    const cursor = frames.findLast(({ type }) => type === 'batch')!.cursor!;
    expect(ledger.position).toBe(positionOf(cursor));
    slow.socket.destroy();
    await eventually(() => app.gateway.clients === 0);

    await using again = await app.watchExtended(`after=${cursor}`);
    const done = await again.first('caught_up');
    const missing = app.stream.history.start - ledger.position;
    expect((await again.first('gap')).data).toEqual({
      from: ledger.position,
      to: app.stream.history.start - 1,
      count: missing,
      reason: 'evicted',
      fetchable: false,
    });
    expect(done.data).toMatchObject({ recovered: false, missing });
    for (const frame of again.frames) ledger.book(frame);
    expect(ledger.position).toBe(app.stream.history.end);
    expect(ledger.delivered + ledger.missed).toBe(records.length);
  });

  it('is not closed for audit records that it never asked for', async () => {
    await using app = await bareApp({ history: { records: 300, bytes: 64 * MIB } });
    await using slow = await app.watchRaw(`${V1}&category=system`);
    await stall(app, slow);
    app.stream.publish({ message: 'not for it', is_audit: true });
    await flood(app, 1_000);
    await readToTheEnd(app, slow);
    expect(framesOf(slow).some(({ type }) => type === 'gap')).toBe(true);
    expect(slow.closeCode).toBeUndefined();
  });

  it('gets no more out of the server by pausing, resuming and asking anew than by waiting', async () => {
    await using app = await bareApp({ history: { records: 2_000, bytes: 64 * MIB } });
    await using slow = await app.watchRaw(V1);
    await stall(app, slow);
    await flood(app, 400);
    const before = app.peers[0]!.bufferedAmount;
    const peer = app.peers[0]!;
    const warnings: Error[] = [];
    const listen = (warning: Error): void => void warnings.push(warning);
    process.on('warning', listen);
    for (let round = 0; round < 12; round++) {
      const messages = [
        { event: 'pause' },
        { event: 'resume' },
        { event: 'subscribe', data: { replay: { last: 1_000 } } },
        { event: 'ping', id: round },
      ];
      for (const message of messages) slow.write(clientFrame(OPCODES.text, JSON.stringify(message)));
      await turns(20);
    }
    // Only the small answers have come on top.
    await eventually(() => peer.bufferedAmount > before);
    expect(peer.bufferedAmount).toBeLessThan(before + 20_000);
    slow.resume();
    await slow.until(() => slow.texts.some((text) => text.includes('"caught_up"')));
    process.off('warning', listen);
    expect(warnings).toEqual([]);
  });
});

describe('a client whose socket takes nothing', () => {
  afterEach(() => void vi.useRealTimers());

  it('for more than 30 s is closed with 4001, and not before', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    await using app = await bareApp({ history: { records: 10_000, bytes: 256 * MIB } });
    await using slow = await app.watchRaw(V1);
    await using quick = await app.watchExtended();
    await stall(app, slow);
    await quick.message('flood');
    vi.advanceTimersByTime(24_000);
    vi.advanceTimersByTime(5_000);
    expect(app.gateway.counters.closings.size).toBe(0);
    // Looked after every 5 s: seen not to take anything from the first look on.
    vi.advanceTimersByTime(11_000);
    expect(app.gateway.counters.closings).toEqual(new Map([[4001, 1]]));
    slow.resume();
    await slow.until(() => slow.closeCode !== undefined);
    expect(slow.closeCode).toBe(EXTENDED_CLOSE_CODES.stalled);
    expect(framesOf(slow).at(-1)).toMatchObject({
      type: 'closing',
      data: { code: 4001, reconnect: true, after_ms: 1000 },
    });
    await quick.ask('ping');
    expect(quick.all('stats').length).toBeGreaterThanOrEqual(6);
  });

  it.each([
    ['extended', V1, EXTENDED_CLOSE_CODES.stalled],
    ['plain', '/ws/monitor', CLOSE_CODES.tryAgainLater],
  ])('finds out why when it reads again, minutes later: %s', async (_, path, code) => {
    vi.useFakeTimers({
      toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout', 'performance'],
    });
    await using app = await bareApp({ history: { records: 10_000, bytes: 256 * MIB } });
    await using slow = await app.watchRaw(path);
    await stall(app, slow);
    for (let at = 0; at < 40_000; at += 5_000) vi.advanceTimersByTime(5_000);
    expect(app.gateway.counters.closings).toEqual(new Map([[code, 1]]));
    for (let at = 0; at < 150_000; at += 1_000) vi.advanceTimersByTime(1_000);
    expect(app.gateway.clients).toBe(1);
    slow.resume();
    await slow.until(() => slow.closeCode !== undefined);
    expect(slow.closeCode).toBe(code);
    await eventually(() => app.peers.every((peer) => peer.bufferedAmount === 0));
    vi.advanceTimersByTime(1_000);
    vi.advanceTimersByTime(1_000);
    await eventually(() => app.gateway.clients === 0);
    expect(app.gateway.counters.closes).toEqual(new Map([[code, 1]]));
  });

  it('and never reads again is cut off after three minutes, and at a shutdown at once', async () => {
    vi.useFakeTimers({
      toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout', 'performance'],
    });
    const app = await bareApp({ history: { records: 10_000, bytes: 256 * MIB } });
    await using lost = await app.watchRaw(V1);
    await stall(app, lost);
    for (let at = 0; at < 40_000; at += 5_000) vi.advanceTimersByTime(5_000);
    for (let at = 0; at < 181_000; at += 1_000) vi.advanceTimersByTime(1_000);
    await eventually(() => app.gateway.clients === 0);
    expect(app.gateway.counters.closes).toEqual(new Map([[EXTENDED_CLOSE_CODES.stalled, 1]]));
    await using stalled = await app.watchRaw(V1);
    await stall(app, stalled);
    for (let at = 0; at < 40_000; at += 5_000) vi.advanceTimersByTime(5_000);
    const closed = app.close();
    await turns(5);
    vi.advanceTimersByTime(1_000);
    await closed;
  });

  it('but has paused is left alone', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    await using app = await bareApp({ history: { records: 10_000, bytes: 256 * MIB } });
    await using client = await app.watchExtended();
    await client.ask('pause');
    await flood(app, 100);
    vi.advanceTimersByTime(60_000);
    await client.ask('ping');
    expect(app.gateway.counters.closings.size).toBe(0);
    await client.ask('resume');
    await client.until(() => client.items.length === 100);
  });
});
