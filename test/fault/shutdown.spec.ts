import { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { type WebSocket } from 'ws';
import { canaryApp } from './canary-app.js';
import { activeResources, addedResources, OwnTimers } from '../harness/own-timers.js';
import { sum } from './account.js';
import { Canary } from './canary.js';
import { CanaryClient } from './canary-client.js';
import { so, within } from './deadline.js';
import { scaled } from './fault-scale.js';
import { report } from './finding.js';
import { batched } from './herd.js';

/** Three seconds for who is behind, one for a client to answer the goodbye; the rest is a busy machine's. */
const DEADLINE_MS = 6_000;

describe('app.close()', () => {
  it('with half of all clients stalled says goodbye within its deadline and leaves nothing', async (test) => {
    const size = scaled({ short: 200, long: 1_000 });
    const before = activeResources();
    using timers = new OwnTimers();
    const app = await canaryApp({ history: { records: 2_000, bytes: 128 * 1024 * 1024 } });
    using canary = new Canary(app);
    // Spared what fills the sockets of the others: it is one process that serves and reads here.
    const reading = await batched(size / 2, (index) =>
      CanaryClient.connect(app, canary, index % 2 ? 'system event stream' : 'system only'),
    );
    const stalled = await batched(size / 2, (index) =>
      CanaryClient.connect(app, canary, index % 2 ? 'event stream' : 'extended'),
    );
    for (const client of stalled) client.stall();
    const peers = app.peers as (WebSocket | ServerResponse)[];
    const waits = (peer: WebSocket | ServerResponse): boolean =>
      (peer instanceof ServerResponse ? peer.writableLength : peer.bufferedAmount) > 0;
    const behind = (): number => peers.filter(waits).length;
    const padding = 'x'.repeat(64_000);
    for (let floods = 0; floods < 200 && behind() < stalled.length; floods++) {
      await canary.flood(10, { padding, is_audit: true }, 5);
    }
    // A busy machine logs faster than it reads the history for 200 clients.
    await so(() => behind() >= stalled.length, 'every stalled client is behind');
    // Still waiting for its flush when the app closes.
    canary.publish(100);
    const end = canary.end;
    const start = performance.now();
    await within(app.close(), 'app.close()', DEADLINE_MS);
    const took = performance.now() - start;
    expect(app.gateway.clients).toBe(0);
    expect(app.stream.observed).toBe(false);
    await so(() => reading.every((client) => !client.open), 'the clients see their close');
    await Promise.all(stalled.map((client) => client.leave('terminate')));
    await so(() => timers.waiting.length === 0, 'no timer of the package is left');
    await so(() => addedResources(before)['TCPSocketWrap'] === undefined, 'no socket is left');
    const codes = reading.map(({ closes }) => closes.at(-1));
    expect(codes.filter((code) => code !== 4000 && code !== 1001)).toEqual([]);
    report(test, {
      what: 'shutdown',
      load: `${size} clients, half of them over HTTP, and half of both stalled`,
      outcome: `app.close() took ${(took / 1_000).toFixed(1)} s; no client, timer, socket or subscription is left`,
      verdict: sum(reading.map((client) => client.verdict(end))),
    });
  });
});
