import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { canaryApp } from './canary-app.js';
import { sum } from './account.js';
import { Canary } from './canary.js';
import { scaled } from './fault-scale.js';
import { report } from './finding.js';
import { herd, settled } from './herd.js';
import { Random } from './random.js';

const BURST = 40_000;
const ROOMY = { records: 100_000, bytes: 512 * 1024 * 1024 };

describe('load', () => {
  it('of many clients that come, go and resume', async (test) => {
    const random = Random.announced('churn');
    const size = scaled({ short: 200, long: 1_000 });
    const seconds = scaled({ short: 5, long: 60 });
    await using app = await canaryApp();
    using canary = new Canary(app);
    const clients = await herd(app, canary, size);
    canary.sing(20);
    let returns = 0;
    const start = performance.now();
    while (performance.now() - start < seconds * 1_000) {
      await pause(50);
      // A plain one cannot resume: it stays.
      const leaving = clients.filter((client) => client.species !== 'plain' && random.chance(0.005));
      await Promise.all(
        leaving.map(async (client) => {
          await client.leave(random.pick(['close', 'terminate']));
          if (random.chance(0.5)) await pause(random.integer(1, 300));
          await client.connect();
          returns += 1;
        }),
      );
    }
    canary.hush();
    const verdict = sum(await settled(clients));
    expect(returns).toBeGreaterThan(seconds);
    expect(verdict.told).toBe(0);
    report(test, {
      what: 'many clients with churn',
      load: `${size} clients for ${seconds} s, ${canary.count} records, ${returns} left and resumed; seed ${random.seed}`,
      outcome: 'every client has every record',
      verdict,
    });
    await Promise.all(clients.map((client) => client.leave('terminate')));
  });

  for (const { how, parts, options } of [
    { how: 'in one turn of the event loop', parts: 1, options: {} },
    {
      how: 'in one turn of the event loop, a history that holds them all',
      parts: 1,
      options: { history: ROOMY },
    },
    { how: 'within one second', parts: 40, options: {} },
  ]) {
    it(`of ${BURST} lines ${how}`, async (test) => {
      // Clients and server are one process: with more of them the lines would not come within a second.
      const size = scaled({ short: 10, long: parts > 1 ? 20 : 100 });
      await using app = await canaryApp(options);
      using canary = new Canary(app);
      const clients = await herd(app, canary, size);
      canary.publish(1);
      const start = performance.now();
      for (let part = 0; part < parts; part++) {
        canary.publish(BURST / parts);
        const due = start + ((part + 1) * 950) / parts;
        await pause(Math.max(0, parts > 1 ? due - performance.now() : 0));
      }
      const took = performance.now() - start;
      canary.publish(1);
      const verdict = sum(await settled(clients));
      expect(canary.count).toBe(BURST + 2);
      const closed = clients.flatMap(({ closes }) => closes);
      // Told to come back: a plain client by 1013, one that would lose audit records by 4002.
      expect(closed.filter((code) => code !== 1013 && code !== 4002)).toEqual([]);
      report(test, {
        what: `burst of ${BURST} lines ${how}`,
        load: `${size} clients`,
        outcome: `taken in ${took.toFixed(0)} ms; ${closed.length} closed with 1013 or 4002`,
        verdict,
      });
      await Promise.all(clients.map((client) => client.leave('terminate')));
    });
  }
});
