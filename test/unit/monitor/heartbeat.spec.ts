import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { turns } from '../../harness/event-loop.js';
import { Heartbeat } from '../../../src/monitor/session/heartbeat.js';

const PING_MS = 25_000;
const PONG_MS = 10_000;

function beating() {
  return { ping: vi.fn<() => boolean>(() => true), gone: vi.fn<() => void>(), bytesSent: 0 };
}

/** Lets time pass on the clock, and then the event loop turn. */
async function pass(ms: number): Promise<void> {
  vi.advanceTimersByTime(ms);
  await turns(1);
}

describe('the heartbeat', () => {
  let heartbeat: Heartbeat;

  beforeEach(() => {
    // Not the immediates: whether timers or sockets come first is for the real event loop to say.
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] });
    heartbeat = new Heartbeat();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('has no timer before the first client', () => {
    expect(vi.getTimerCount()).toBe(0);
  });

  it('pings every 25 s', async () => {
    const client = beating();
    client.ping.mockImplementation(() => {
      heartbeat.alive(client);
      return true;
    });
    heartbeat.add(client);
    await pass(PING_MS - 1);
    expect(client.ping).not.toHaveBeenCalled();
    await pass(1);
    expect(client.ping).toHaveBeenCalledTimes(1);
    await pass(3 * PING_MS);
    expect(client.ping).toHaveBeenCalledTimes(4);
    expect(client.gone).not.toHaveBeenCalled();
  });

  it('takes a client for gone that has not answered after 10 s', async () => {
    const client = beating();
    heartbeat.add(client);
    await pass(PING_MS + PONG_MS - 1);
    expect(client.gone).not.toHaveBeenCalled();
    await pass(1);
    expect(client.gone).toHaveBeenCalledTimes(1);
  });

  it('believes an answer in the last moment', async () => {
    const client = beating();
    heartbeat.add(client);
    await pass(PING_MS + PONG_MS - 1);
    heartbeat.alive(client);
    await pass(1);
    expect(client.gone).not.toHaveBeenCalled();
  });

  it('reads the answers that came while the event loop was blocked before it gives anybody up', async () => {
    const [answered, silent] = [beating(), beating()];
    heartbeat.add(answered);
    heartbeat.add(silent);
    vi.advanceTimersByTime(PING_MS + PONG_MS);
    expect(answered.gone).not.toHaveBeenCalled();
    heartbeat.alive(answered);
    await turns(1);
    expect(answered.gone).not.toHaveBeenCalled();
    expect(silent.gone).toHaveBeenCalledTimes(1);
  });

  it('does not take the next ping for the last one when a stall brings both', async () => {
    const client = beating();
    heartbeat.add(client);
    vi.advanceTimersByTime(2 * PING_MS);
    await turns(1);
    expect(client.ping).toHaveBeenCalledTimes(2);
    expect(client.gone).not.toHaveBeenCalled();
  });

  it('wants an answer to each ping', async () => {
    const client = beating();
    heartbeat.add(client);
    await pass(PING_MS);
    heartbeat.alive(client);
    await pass(PING_MS + PONG_MS);
    expect(client.gone).toHaveBeenCalledTimes(1);
  });

  it('expects no answer where the ping would wait behind a backlog', async () => {
    const client = beating();
    client.ping.mockReturnValue(false);
    heartbeat.add(client);
    await pass(3 * PING_MS);
    expect(client.ping).toHaveBeenCalledTimes(3);
    expect(client.gone).not.toHaveBeenCalled();
  });

  it('does not expect an answer of a client that came after the ping', async () => {
    const [early, late] = [beating(), beating()];
    heartbeat.add(early);
    await pass(PING_MS);
    heartbeat.add(late);
    await pass(PONG_MS);
    expect(early.gone).toHaveBeenCalledTimes(1);
    expect(late.gone).not.toHaveBeenCalled();
  });

  it.each([
    ['8 kB/s', 8_000, 2_500_000],
    ['30 kB/s', 30_000, 4_000_000],
    ['4 kB/s', 4_000, 600_000],
  ])('waits for a link of %s to take what was sent before the ping', async (_, perSecond, backlog) => {
    const client = beating();
    client.bytesSent = 1_000;
    heartbeat.add(client);
    client.bytesSent += backlog;
    // Its answer comes when all that is before the ping has passed the link.
    const answeredAt = Math.min(backlog / perSecond, 169) * 1_000;
    await pass(PING_MS);
    for (let at = 0; at < answeredAt; at += 1_000) await pass(1_000);
    expect(client.gone).not.toHaveBeenCalled();
    heartbeat.alive(client);
    // What has arrived does not count again.
    for (let at = 0; at < 2 * PING_MS + PONG_MS; at += 5_000) await pass(5_000);
    expect(client.gone).toHaveBeenCalled();
  });

  it('waits for nobody longer than three minutes, however much was sent', async () => {
    const client = beating();
    heartbeat.add(client);
    client.bytesSent = 1e12;
    await pass(PING_MS);
    for (let at = 0; at < 180_000; at += 5_000) await pass(5_000);
    expect(client.gone).not.toHaveBeenCalled();
    await pass(5_000);
    expect(client.gone).toHaveBeenCalled();
  });

  it('asks no more of a client that was removed', async () => {
    const [leaver, other] = [beating(), beating()];
    heartbeat.add(leaver);
    heartbeat.add(other);
    await pass(PING_MS);
    heartbeat.remove(leaver);
    await pass(PONG_MS);
    expect(leaver.gone).not.toHaveBeenCalled();
    expect(other.gone).toHaveBeenCalledTimes(1);
  });

  it('does not take back a client that answers after it was removed', async () => {
    const client = beating();
    heartbeat.add(client);
    heartbeat.remove(client);
    heartbeat.alive(client);
    await pass(2 * PING_MS);
    expect(client.ping).not.toHaveBeenCalled();
  });

  it('survives that clients are removed while all are declared gone', async () => {
    const clients = [beating(), beating(), beating()];
    for (const client of clients) {
      client.gone.mockImplementation(() => heartbeat.remove(client));
      heartbeat.add(client);
    }
    await pass(PING_MS + PONG_MS);
    for (const { gone } of clients) expect(gone).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('stops its timers with the last client, also between ping and answer', async () => {
    const clients = [beating(), beating()];
    for (const client of clients) heartbeat.add(client);
    await pass(PING_MS);
    expect(vi.getTimerCount()).toBe(2);
    heartbeat.remove(clients[0]!);
    expect(vi.getTimerCount()).toBe(2);
    heartbeat.remove(clients[1]!);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('starts again with the next client', async () => {
    const [first, second] = [beating(), beating()];
    heartbeat.add(first);
    heartbeat.remove(first);
    heartbeat.add(second);
    await pass(PING_MS);
    expect(second.ping).toHaveBeenCalledTimes(1);
    expect(first.ping).not.toHaveBeenCalled();
  });

  it('uses one timer for all clients', () => {
    for (let i = 0; i < 100; i++) heartbeat.add(beating());
    expect(vi.getTimerCount()).toBe(1);
  });
});

describe('the timers of the heartbeat', () => {
  it('do not keep the process alive', () => {
    const interval = vi.spyOn(globalThis, 'setInterval');
    const heartbeat = new Heartbeat();
    const client = beating();
    try {
      heartbeat.add(client);
      expect(interval.mock.results.map(({ value }) => (value as NodeJS.Timeout).hasRef())).toEqual([false]);
    } finally {
      heartbeat.remove(client);
      vi.restoreAllMocks();
    }
  });
});
