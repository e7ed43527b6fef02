import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { sum } from './account.js';
import { Canary } from './canary.js';
import { canaryApp } from './canary-app.js';
import { CanaryClient } from './canary-client.js';
import { scaled } from './fault-scale.js';
import { report } from './finding.js';
import { batched, settled } from './herd.js';
import { Random } from './random.js';
import { type Species } from './species.js';

const STREAMS: readonly Species[] = [
  'event stream',
  'ndjson',
  'audit event stream',
  'tenant event stream',
  'system event stream',
];

describe('event streams', () => {
  it('that are cut again and again resume by Last-Event-ID, and have every record once', async (test) => {
    const random = Random.announced('event streams');
    const [size, seconds] = scaled({ short: [25, 3], long: [100, 20] });
    await using app = await canaryApp();
    using canary = new Canary(app);
    const clients = await batched(size, (index) =>
      CanaryClient.connect(app, canary, STREAMS[index % STREAMS.length]!),
    );
    canary.sing(500);
    let resets = 0;
    const start = performance.now();
    await Promise.all(
      clients.map(async (client) => {
        while (performance.now() - start < seconds * 1_000) {
          await pause(random.integer(1, 150));
          // Mostly in the middle of what is being written, and while the last replay is not done.
          if (random.chance(0.3)) client.stall();
          if (random.chance(0.5)) await pause(random.integer(1, 20));
          await client.leave(random.chance(0.8) ? 'terminate' : 'close');
          await client.connect();
          resets += 1;
        }
      }),
    );
    canary.hush();
    const verdict = sum(await settled(clients));
    expect(resets).toBeGreaterThan(size);
    expect(verdict.told).toBe(0);
    expect(verdict.delivered + verdict.filtered).toBe(size * canary.count);
    report(test, {
      what: 'event streams that are reset and resume by Last-Event-ID',
      load: `${size} clients, ${resets} resets, ${canary.count} records; seed ${random.seed}`,
      outcome: 'delivered, filtered and told in gaps is what was produced, for each of them',
      verdict,
    });
    await Promise.all(clients.map((client) => client.leave('terminate')));
  });
});
