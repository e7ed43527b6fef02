import { describe, expect, it } from 'vitest';
import { eventually } from '../harness/event-loop.js';
import { type MonitoredApp, monitoredApp } from '../harness/monitored-app.js';
import { RecordingLogger } from '../harness/recording-logger.js';
import { sum } from './account.js';
import { Canary } from './canary.js';
import { CanaryClient } from './canary-client.js';
import { scaled } from './fault-scale.js';
import { report } from './finding.js';
import { visit } from './fuzz-visit.js';
import { memoryInUse } from './heap.js';
import { knock } from './knock.js';
import { Random } from './random.js';

const MESSAGES = scaled({ short: 12_000, long: 120_000 });
const URLS = scaled({ short: 504, long: 5_000 });
const AT_ONCE = 8;
const MIB = 1024 * 1024;

describe('what clients send', () => {
  it('whatever it is, is answered or ends its own connection, and touches nobody else', async (test) => {
    const random = Random.announced('inbound messages');
    const logger = new RecordingLogger();
    await using app = await monitoredApp({ logger, history: { records: 200 } }).start();
    using canary = new Canary(app);
    const bystanders = await Promise.all([
      CanaryClient.connect(app, canary, 'extended'),
      CanaryClient.connect(app, canary, 'plain'),
    ]);
    canary.sing(20);
    const lines = logger.lines.length;
    let [inputs, answers, closes, visits] = [0, 0, 0, 0];
    const fuzz = async (messages: number): Promise<void> => {
      while (inputs < messages) {
        // A seed each: visits that run side by side must not change each other's choices.
        const result = await visit(app, new Random(random.seed + visits++));
        inputs += result.inputs;
        answers += result.answers;
        if (result.closeCode !== undefined) closes += 1;
      }
    };
    const some = async (messages: number): Promise<void> => {
      await Promise.all(Array.from({ length: AT_ONCE }, () => fuzz(messages)));
      await eventually(() => app.gateway.clients === bystanders.length);
    };
    // What is compiled and cached once is there before the memory is compared.
    await some(MESSAGES / 10);
    const before = await memoryInUse();
    await some(MESSAGES);
    const grown = (await memoryInUse()) - before;
    canary.hush();
    const verdict = sum(await Promise.all(bystanders.map((bystander) => bystander.settle())));
    expect(logger.lines.slice(lines)).toEqual([]);
    expect(grown).toBeLessThan(24 * MIB);
    expect(verdict.delivered).toBeGreaterThanOrEqual(2 * (canary.count - 1));
    expect(verdict.late).toBeLessThan(0.05 * verdict.delivered + 5);
    expect(bystanders.flatMap((bystander) => bystander.closes)).toEqual([]);
    await Promise.all(bystanders.map((bystander) => bystander.leave('close')));
    report(test, {
      what: 'fuzzed client messages, well framed and not',
      load: `${inputs} messages over ${visits} connections, seed ${random.seed}`,
      outcome: `${answers} coded answers, ${closes} coded closes, no log line, memory ${signed(grown / MIB)} MiB`,
      verdict,
    });
  });

  it('in the URL is understood or refused with 400 and a code', async (test) => {
    const random = Random.announced('URLs');
    const logger = new RecordingLogger();
    await using app = await monitoredApp({ logger, history: { records: 200 } }).start();
    using canary = new Canary(app);
    const bystander = await CanaryClient.connect(app, canary);
    canary.sing(20);
    const lines = logger.lines.length;
    const statuses = new Map<number, number>();
    for (let n = 0; n < URLS; n += AT_ONCE) {
      const asked = await Promise.all(Array.from({ length: AT_ONCE }, () => ask(app, random)));
      for (const status of asked) statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    canary.hush();
    const verdict = await bystander.settle();
    expect([...statuses.keys()].toSorted()).toEqual([101, 200, 400]);
    expect(logger.lines.slice(lines)).toEqual([]);
    await bystander.leave('close');
    report(test, {
      what: 'fuzzed URLs',
      load: `${URLS} upgrades and requests, seed ${random.seed}`,
      outcome: [...statuses].map(([status, count]) => `${count} times ${status}`).join(', '),
      verdict,
    });
  });
});

/** A WebSocket, or a stream with what its headers may say. */
function ask(app: MonitoredApp, random: Random): Promise<number> {
  if (random.chance(0.5)) return knock(app, `/ws/monitor?${query(random)}`);
  const id = random.pick([
    '',
    '0',
    'x-1',
    '-',
    '%00',
    app.stream.cursors.format(1),
    'x'.repeat(65),
    '\u00ff',
  ]);
  const accept = random.pick(['', '*/*', 'application/x-ndjson', ';;,,', 'text/event-stream;q=0']);
  const format = random.pick(['', '&format=sse', '&format=ndjson', '&format=__proto__']);
  const headers = { 'Last-Event-ID': id, Accept: accept };
  return knock(app, `/monitor/stream?${query(random)}${format}`, { headers });
}

function query(random: Random): string {
  const names = [
    'v',
    'category',
    'level',
    'levels',
    'logger',
    'search',
    'replay',
    'after',
    'where.n',
    'not.level',
  ];
  const values = [
    '1',
    'audit',
    'INFO',
    '*',
    '-1',
    '99999999999',
    '%00',
    '%F0%9F%98%80',
    '%',
    '',
    'a,b,c',
    '%E0%A4',
  ];
  const more = ['where.__proto__', 'not.', 'where.', '__proto__', 'x'.repeat(300)];
  const pairs = Array.from(
    { length: random.integer(0, 5) },
    () => `${random.pick([...names, ...more])}=${random.pick([...values, '*'.repeat(300)])}`,
  );
  return pairs.join('&');
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(1)}`;
}
