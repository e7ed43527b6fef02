import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Heartbeat } from '../../../src/monitor/heartbeat.js';

const PING_MS = 25_000;
const PONG_MS = 10_000;

function beating() {
  return { ping: vi.fn<() => boolean>(() => true), gone: vi.fn<() => void>() };
}

describe('the heartbeat', () => {
  let heartbeat: Heartbeat;

  beforeEach(() => {
    vi.useFakeTimers();
    heartbeat = new Heartbeat();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('has no timer before the first client', () => {
    expect(vi.getTimerCount()).toBe(0);
  });

  it('pings every 25 s', () => {
    const client = beating();
    client.ping.mockImplementation(() => {
      heartbeat.alive(client);
      return true;
    });
    heartbeat.add(client);
    vi.advanceTimersByTime(PING_MS - 1);
    expect(client.ping).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(client.ping).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(3 * PING_MS);
    expect(client.ping).toHaveBeenCalledTimes(4);
    expect(client.gone).not.toHaveBeenCalled();
  });

  it('takes a client for gone that has not answered after 10 s', () => {
    const client = beating();
    heartbeat.add(client);
    vi.advanceTimersByTime(PING_MS + PONG_MS - 1);
    expect(client.gone).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(client.gone).toHaveBeenCalledTimes(1);
  });

  it('believes an answer in the last moment', () => {
    const client = beating();
    heartbeat.add(client);
    vi.advanceTimersByTime(PING_MS + PONG_MS - 1);
    heartbeat.alive(client);
    vi.advanceTimersByTime(1);
    expect(client.gone).not.toHaveBeenCalled();
  });

  it('wants an answer to each ping', () => {
    const client = beating();
    heartbeat.add(client);
    vi.advanceTimersByTime(PING_MS);
    heartbeat.alive(client);
    vi.advanceTimersByTime(PING_MS + PONG_MS);
    expect(client.gone).toHaveBeenCalledTimes(1);
  });

  it('expects no answer where the ping would wait behind a backlog', () => {
    const client = beating();
    client.ping.mockReturnValue(false);
    heartbeat.add(client);
    vi.advanceTimersByTime(3 * PING_MS);
    expect(client.ping).toHaveBeenCalledTimes(3);
    expect(client.gone).not.toHaveBeenCalled();
  });

  it('does not expect an answer of a client that came after the ping', () => {
    const [early, late] = [beating(), beating()];
    heartbeat.add(early);
    vi.advanceTimersByTime(PING_MS);
    heartbeat.add(late);
    vi.advanceTimersByTime(PONG_MS);
    expect(early.gone).toHaveBeenCalledTimes(1);
    expect(late.gone).not.toHaveBeenCalled();
  });

  it('asks no more of a client that was removed', () => {
    const [leaver, other] = [beating(), beating()];
    heartbeat.add(leaver);
    heartbeat.add(other);
    vi.advanceTimersByTime(PING_MS);
    heartbeat.remove(leaver);
    vi.advanceTimersByTime(PONG_MS);
    expect(leaver.gone).not.toHaveBeenCalled();
    expect(other.gone).toHaveBeenCalledTimes(1);
  });

  it('does not take back a client that answers after it was removed', () => {
    const client = beating();
    heartbeat.add(client);
    heartbeat.remove(client);
    heartbeat.alive(client);
    vi.advanceTimersByTime(2 * PING_MS);
    expect(client.ping).not.toHaveBeenCalled();
  });

  it('survives that clients are removed while all are declared gone', () => {
    const clients = [beating(), beating(), beating()];
    for (const client of clients) {
      client.gone.mockImplementation(() => heartbeat.remove(client));
      heartbeat.add(client);
    }
    vi.advanceTimersByTime(PING_MS + PONG_MS);
    for (const { gone } of clients) expect(gone).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('stops its timers with the last client, also between ping and answer', () => {
    const clients = [beating(), beating()];
    for (const client of clients) heartbeat.add(client);
    vi.advanceTimersByTime(PING_MS);
    expect(vi.getTimerCount()).toBe(2);
    heartbeat.remove(clients[0]!);
    expect(vi.getTimerCount()).toBe(2);
    heartbeat.remove(clients[1]!);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('starts again with the next client', () => {
    const [first, second] = [beating(), beating()];
    heartbeat.add(first);
    heartbeat.remove(first);
    heartbeat.add(second);
    vi.advanceTimersByTime(PING_MS);
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
