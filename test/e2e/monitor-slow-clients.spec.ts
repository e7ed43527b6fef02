import { describe, expect, it } from 'vitest';
import { CLOSE_CODES } from 'nestjs-log-stream';
import { eventually, turns } from '../harness/event-loop.js';
import { type MonitoredApp, monitoredApp } from '../harness/monitored-app.js';
import { type RawClient } from '../harness/raw-client.js';

const MIB = 1024 * 1024;
const HIGH_WATER_MARK = MIB;
/** What one write adds at most: a chunk, and the record that made it full. */
const ONE_WRITE = 65_536 + 10_000;
const PADDING = 'x'.repeat(8_000);
const ROOMY = { records: 100_000, bytes: 512 * MIB };

/** Publishes bursts, a turn of the event loop apart, and notes the largest backlog of any client. */
async function publish(app: MonitoredApp, from: number, to: number, burst = 20): Promise<number> {
  let largest = 0;
  for (let n = from; n < to; n++) {
    app.stream.publish({ message: String(n), padding: PADDING });
    if (n % burst !== burst - 1) continue;
    // oxlint-disable-next-line no-await-in-loop -- a burst each turn
    await turns(1);
    largest = Math.max(largest, ...app.peers.map((peer) => peer.bufferedAmount));
  }
  return largest;
}

function numbers(texts: readonly string[]): number[] {
  return texts.map((text) => Number((JSON.parse(text) as { data: { message: string } }).data.message));
}

function range(to: number): number[] {
  return Array.from({ length: to }, (_, index) => index);
}

/** Publishes until the kernel takes no more for the client, and it is behind. */
async function stall(app: MonitoredApp, client: RawClient): Promise<number> {
  client.pause();
  let published = 0;
  while (Math.max(...app.peers.map((peer) => peer.bufferedAmount)) <= HIGH_WATER_MARK) {
    // oxlint-disable-next-line no-await-in-loop -- until it is full
    await publish(app, published, published + 100);
    published += 100;
  }
  return published;
}

describe('a client that stops reading', () => {
  it('costs a bounded backlog, holds nobody up, and misses nothing that the history still has', async () => {
    await using app = await monitoredApp({ logger: false, history: ROOMY }).start();
    await using quick = await app.watch();
    await using slow = await app.watchRaw();
    const stalledAt = await stall(app, slow);
    const total = stalledAt + 2_000;
    const largest = await publish(app, stalledAt, total);
    expect(largest).toBeGreaterThan(HIGH_WATER_MARK);
    expect(largest).toBeLessThanOrEqual(HIGH_WATER_MARK + ONE_WRITE);
    await quick.count(total);
    expect(numbers(quick.texts)).toEqual(range(total));
    expect(slow.texts.length).toBeLessThan(total);

    slow.resume();
    let catchingUp = 0;
    await slow.until(() => {
      catchingUp = Math.max(catchingUp, app.peers[1]!.bufferedAmount);
      return slow.texts.length >= total;
    });
    expect(numbers(slow.texts)).toEqual(range(total));
    expect(catchingUp).toBeLessThanOrEqual(HIGH_WATER_MARK + ONE_WRITE);

    await publish(app, total, total + 100);
    await Promise.all([slow.until(() => slow.texts.length >= total + 100), quick.count(total + 100)]);
    expect(numbers(slow.texts)).toEqual(range(total + 100));
  });

  it('misses nothing either when records come while it catches up', async () => {
    await using app = await monitoredApp({ logger: false, history: ROOMY }).start();
    await using slow = await app.watchRaw();
    const stalledAt = await stall(app, slow);
    await publish(app, stalledAt, stalledAt + 500);
    slow.resume();
    await publish(app, stalledAt + 500, stalledAt + 1_500, 5);
    await slow.until(() => slow.texts.length >= stalledAt + 1_500);
    expect(numbers(slow.texts)).toEqual(range(stalledAt + 1_500));
  });

  it('may stop and go on again and again', async () => {
    await using app = await monitoredApp({ logger: false, history: ROOMY }).start();
    await using slow = await app.watchRaw();
    let total = await stall(app, slow);
    for (let round = 0; round < 5; round++) {
      slow.resume();
      const seen = slow.texts.length;
      // oxlint-disable-next-line no-await-in-loop -- round after round
      await slow.until(() => slow.texts.length > seen + 50);
      slow.pause();
      // oxlint-disable-next-line no-await-in-loop -- round after round
      await publish(app, total, total + 200);
      total += 200;
    }
    slow.resume();
    await slow.until(() => slow.texts.length >= total);
    expect(numbers(slow.texts)).toEqual(range(total));
  });

  it('is closed with 1013 once the history has passed it, after what it was sent, and the others go on', async () => {
    await using app = await monitoredApp({ logger: false, history: { records: 400 } }).start();
    await using quick = await app.watch();
    await using slow = await app.watchRaw();
    let total = await stall(app, slow);
    await publish(app, total, total + 1_000);
    total += 1_000;
    await quick.count(total);
    slow.resume();
    await slow.until(() => slow.closeCode !== undefined);
    expect(slow.closeCode).toBe(CLOSE_CODES.tryAgainLater);
    const got = numbers(slow.texts);
    expect(got).toEqual(range(got.length));
    expect(got.length).toBeLessThan(total);
    expect(slow.frames.at(-1)!.payload.subarray(2).toString()).toBe('too slow: records were lost');
    await publish(app, total, total + 100);
    await quick.count(total + 100);
    expect(numbers(quick.texts)).toEqual(range(total + 100));
    expect(slow.texts).toHaveLength(got.length);
    slow.socket.destroy();
    await eventually(() => app.gateway.clients === 1);
  });

  it('may disconnect while it is behind', async () => {
    await using app = await monitoredApp({ logger: false, history: ROOMY }).start();
    const slow = await app.watchRaw();
    await stall(app, slow);
    slow.socket.resetAndDestroy();
    await eventually(() => app.gateway.clients === 0);
    expect(app.stream.observed).toBe(false);
  });

  it('may say goodbye while it is behind, and nothing more is read for it', async () => {
    await using app = await monitoredApp({ logger: false, history: ROOMY }).start();
    await using client = await app.watch();
    client.socket.pause();
    let n = 0;
    while (app.peers[0]!.bufferedAmount <= HIGH_WATER_MARK) {
      // oxlint-disable-next-line no-await-in-loop -- until it is full
      await publish(app, n, n + 100);
      n += 100;
    }
    const closed = client.closed();
    client.socket.close(1000);
    await eventually(() => app.peers[0]!.readyState !== client.socket.OPEN);
    const { fanOut } = app.gateway as unknown as { fanOut: { seatOf: Map<{ cursor: number }, unknown> } };
    const [watcher] = fanOut.seatOf.keys();
    await publish(app, n, n + 200);
    client.socket.resume();
    await closed;
    await eventually(() => app.gateway.clients === 0);
    expect(client.texts.length).toBeLessThan(n);
    // Nothing was encoded only to be thrown away.
    expect(watcher!.cursor).toBeLessThan(app.stream.history.end - 200);
  });
});

describe('many clients that stop reading', () => {
  it('cost the process no more than their backlogs', async () => {
    await using app = await monitoredApp({ logger: false, history: { records: 500 } }).start();
    await using quick = await app.watch();
    const stalled = await Promise.all(Array.from({ length: 10 }, () => app.watchRaw()));
    for (const client of stalled) client.pause();
    let total = 0;
    const behind = () => app.peers.filter((peer) => peer.bufferedAmount > HIGH_WATER_MARK).length;
    while (behind() < 10) {
      // oxlint-disable-next-line no-await-in-loop -- until all are full
      const largest = await publish(app, total, total + 100);
      total += 100;
      expect(largest).toBeLessThanOrEqual(HIGH_WATER_MARK + ONE_WRITE);
    }
    const before = app.peers.map((peer) => peer.bufferedAmount);
    await publish(app, total, total + 1_000);
    total += 1_000;
    await quick.count(total);
    expect(app.peers.slice(1).map((peer) => peer.bufferedAmount)).toEqual(before.slice(1));
    expect(numbers(quick.texts)).toEqual(range(total));
    await Promise.all(stalled.map((client) => client[Symbol.asyncDispose]()));
  });
});
