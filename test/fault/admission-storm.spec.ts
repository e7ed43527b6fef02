import { LogStreamTickets } from 'nestjs-log-stream';
import { describe, expect, it } from 'vitest';
import { type MonitoredApp, monitoredApp } from '../harness/monitored-app.js';
import { RecordingLogger } from '../harness/recording-logger.js';
import { type Verdict } from './account.js';
import { Canary } from './canary.js';
import { CanaryClient } from './canary-client.js';
import { so } from './deadline.js';
import { scaled } from './fault-scale.js';
import { report } from './finding.js';
import { memoryInUse } from './heap.js';
import { batched } from './herd.js';
import { knock } from './knock.js';
import { Random } from './random.js';

const MIB = 1024 * 1024;

/** Linux answers for all of 127.0.0.0/8; elsewhere only for its first address. */
const MANY_ADDRESSES = process.platform === 'linux';

describe('who knocks', () => {
  it('with tickets, at the same time, forged or late, gets in once for each that is good', async (test) => {
    const random = Random.announced('tickets');
    const size = scaled({ short: 100, long: 3_000 });
    const tickets = new LogStreamTickets();
    const logger = new RecordingLogger();
    const finding = await beside({ tickets, logger }, async (app) => {
      let [good, refused] = [0, 0];
      await batched(size, async () => {
        const ticket = tickets.issue({ id: 'ann' });
        const late = tickets.issue({ id: 'bob' }, { ttl: 1 });
        const paths = [
          ...['/ws/monitor', '/monitor/stream', '/ws/monitor'].map((path) => `${path}?ticket=${ticket}`),
          `/monitor/stream?ticket=${changed(ticket, random)}`,
          `/ws/monitor?ticket=${late}`,
        ];
        const statuses = await Promise.all(paths.map((path) => knock(app, path)));
        // Of the good one whoever comes first; the late one may have come in time.
        const entered = statuses.slice(0, 3).filter((status) => status < 400);
        expect(entered).toHaveLength(1);
        expect(statuses[3]).toBe(401);
        good += 1;
        refused += statuses.filter((status) => status === 401).length;
      });
      return `${good} tickets let in one each, ${refused} attempts refused`;
    });
    report(test, {
      what: 'tickets that several use at once, forged and late ones',
      load: `${size} of each; seed ${random.seed}`,
      ...finding,
    });
  });

  it.runIf(MANY_ADDRESSES)('from ten thousand addresses is refused, and forgotten', async (test) => {
    const size = scaled({ short: 1_000, long: 10_000 });
    const logger = new RecordingLogger();
    const tickets = new LogStreamTickets();
    const finding = await beside({ tickets, logger }, async (app) => {
      const statuses = await batched(size, (index) => {
        const localAddress = `127.${1 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`;
        return knock(app, index % 2 ? '/ws/monitor' : '/monitor/stream', { localAddress });
      });
      expect(new Set(statuses)).toEqual(new Set([401]));
      return `all refused with 401, ${logger.matching('Refused').length} log lines`;
    });
    // One for each path.
    expect(logger.matching('Refused')).toHaveLength(2);
    report(test, {
      what: 'strangers from addresses of their own',
      load: `${size} addresses, half over WebSocket and half over HTTP`,
      ...finding,
    });
  });
});

interface Scene {
  readonly tickets: LogStreamTickets;
  readonly logger: RecordingLogger;
}

/** What happens at the door of an app in which somebody watches, and must notice nothing. */
async function beside(
  { tickets, logger }: Scene,
  storm: (app: MonitoredApp) => Promise<string>,
): Promise<{ outcome: string; verdict: Verdict }> {
  // The bystander is the one who asks for the extended protocol.
  const authorize: LogStreamTickets['authorize'] = (request) =>
    request.url!.includes('v=1') || tickets.authorize(request);
  await using app = await monitoredApp({ logger, authorize }).start();
  using canary = new Canary(app);
  const bystander = await CanaryClient.connect(app, canary);
  canary.sing(50);
  const before = await memoryInUse();
  const outcome = await storm(app);
  await so(() => app.gateway.clients === 1, 'all others are forgotten');
  const mib = ((await memoryInUse()) - before) / MIB;
  canary.hush();
  const verdict = await bystander.settle();
  expect(mib).toBeLessThan(24);
  expect(bystander.closes).toEqual([]);
  await bystander.leave('close');
  return { outcome: `${outcome}, memory ${mib.toFixed(1)} MiB more`, verdict };
}

/** One character of the signed part is another one. */
function changed(ticket: string, random: Random): string {
  const at = random.integer(0, ticket.indexOf('.') - 1);
  return `${ticket.slice(0, at)}${ticket[at] === 'A' ? 'B' : 'A'}${ticket.slice(at + 1)}`;
}
