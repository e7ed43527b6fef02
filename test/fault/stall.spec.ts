import { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type WebSocket } from 'ws';
import { canaryApp } from './canary-app.js';
import { type MonitoredApp } from '../harness/monitored-app.js';
import { sum } from './account.js';
import { Canary } from './canary.js';
import { scaled } from './fault-scale.js';
import { report } from './finding.js';
import { herd, settled } from './herd.js';

const HIGH_WATER_MARK = 1024 * 1024;
const PADDING = { padding: 'x'.repeat(8_000) };
const DAY_MS = 86_400_000;

afterEach(() => void vi.useRealTimers());

describe('what stands still or jumps', () => {
  it('readers that stall, and go on', async (test) => {
    const [size, rounds] = scaled({ short: [20, 1], long: [100, 3] });
    await using app = await canaryApp({ history: { records: 500, bytes: 64 * HIGH_WATER_MARK } });
    using canary = new Canary(app);
    const clients = await herd(app, canary, size);
    const stalling = clients.filter((_, index) => index % 2 === 0);
    const quick = clients.filter((_, index) => index % 2 === 1);
    let largest = 0;
    canary.publish(1);
    for (let round = 0; round < rounds; round++) {
      for (const client of stalling) client.stall();
      const behind = (): number => backlogs(app).filter((backlog) => backlog > HIGH_WATER_MARK).length;
      // The audit records alone take ten times as long to fill a socket: they are behind in their own time.
      for (let floods = 0; floods < 60 && behind() < stalling.length / 2; floods++)
        await canary.flood(200, PADDING);
      expect(behind()).toBeGreaterThan(0);
      // Past what the history holds.
      await canary.flood(1_000, PADDING);
      largest = Math.max(largest, ...backlogs(app));
      for (const client of stalling) client.read();
      await canary.flood(100, PADDING);
      // Who was told to come back does: only who is there can stall again.
      await settled(clients);
    }
    const verdicts = await settled(clients);
    const unstalled = sum(verdicts.filter((_, index) => quick.includes(clients[index]!)));
    expect(unstalled.told).toBe(0);
    expect(quick.flatMap(({ closes }) => closes)).toEqual([]);
    expect(largest).toBeLessThan(2 * HIGH_WATER_MARK);
    report(test, {
      what: 'stalled readers',
      load: `${stalling.length} of ${size} clients stop reading, ${rounds} times, at 8 kB a record`,
      outcome: `at most ${(largest / 1024).toFixed(0)} KiB wait for one client; the others miss nothing`,
      verdict: sum(verdicts),
    });
    await Promise.all(clients.map((client) => client.leave('terminate')));
  });

  it('clocks that jump', async (test) => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const jumps = scaled({ short: 20, long: 200 });
    await using app = await canaryApp();
    using canary = new Canary(app);
    const clients = await herd(app, canary, 20);
    canary.sing(100);
    const real = Date.now();
    const ways = [DAY_MS, -DAY_MS, 400 * DAY_MS, -20 * 365 * DAY_MS, 1, -1, 3_600_000, -3_600_000];
    for (let jump = 0; jump < jumps; jump++) {
      vi.setSystemTime(real + ways[jump % ways.length]!);
      canary.publish(5);
      await pause(20);
      const newest = app.stream.history.at(app.stream.history.end - 1)!;
      expect(Math.abs(newest.time - Date.now())).toBeLessThan(1_000);
    }
    canary.hush();
    const verdict = sum(await settled(clients));
    expect(verdict.told).toBe(0);
    expect(clients.flatMap(({ closes }) => closes)).toEqual([]);
    report(test, {
      what: 'clock jumps',
      load: `${jumps} jumps between 1 ms and 20 years, forward and backward, ${clients.length} clients`,
      outcome: 'nobody is closed, nothing is late',
      verdict,
    });
    await Promise.all(clients.map((client) => client.leave('terminate')));
  });

  it('the event loop', async (test) => {
    const stalls = scaled({ short: [300, 1_500], long: [100, 300, 1_000, 3_000, 12_000, 100] });
    await using app = await canaryApp();
    using canary = new Canary(app);
    const clients = await herd(app, canary, scaled({ short: 20, long: 200 }));
    canary.sing(100);
    for (const ms of stalls) {
      await pause(100);
      canary.publish(50);
      block(ms / 2);
      canary.publish(50);
      block(ms / 2);
      canary.publish(50);
    }
    await pause(200);
    canary.hush();
    const verdict = sum(await settled(clients));
    expect(clients.flatMap(({ closes }) => closes)).toEqual([]);
    expect(verdict.told).toBe(0);
    report(test, {
      what: 'event loop stalls',
      load: `${stalls.length} stalls of up to ${Math.max(...stalls) / 1_000} s, ${clients.length} clients`,
      outcome: 'nobody is closed; what was logged in the stall comes after it',
      verdict,
    });
    await Promise.all(clients.map((client) => client.leave('terminate')));
  });
});

function backlogs(app: MonitoredApp): number[] {
  return (app.peers as (WebSocket | ServerResponse)[]).map((peer) =>
    peer instanceof ServerResponse ? peer.writableLength : peer.bufferedAmount,
  );
}

/** As a synchronous computation of the app does. */
function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
