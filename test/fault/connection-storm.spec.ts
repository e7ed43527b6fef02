import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { monitoredApp, type MonitoredApp } from '../harness/monitored-app.js';
import { RawClient } from '../harness/raw-client.js';
import { RecordingLogger } from '../harness/recording-logger.js';
import { cutFrame } from './broken-frame.js';
import { sum, type Verdict } from './account.js';
import { Canary } from './canary.js';
import { CanaryClient } from './canary-client.js';
import { so, within } from './deadline.js';
import { LONG, scaled } from './fault-scale.js';
import { report } from './finding.js';
import { batched, settled } from './herd.js';
import { memoryInUse } from './heap.js';
import { Random } from './random.js';

const MIB = 1024 * 1024;

/** An app with a bystander, beside which a fault happens that must cost neither log lines nor memory. */
async function expectNothingLeft(
  fault: (app: MonitoredApp) => Promise<void>,
): Promise<{ verdict: Verdict; mib: number }> {
  const logger = new RecordingLogger();
  await using app = await monitoredApp({ logger, history: { records: 200 } }).start();
  using canary = new Canary(app);
  const bystanders = [
    await CanaryClient.connect(app, canary, 'extended'),
    await CanaryClient.connect(app, canary, 'event stream'),
  ];
  canary.sing(50);
  const lines = logger.lines.length;
  const before = await memoryInUse();
  await fault(app);
  await so(() => app.gateway.clients === bystanders.length, 'all others are forgotten');
  const mib = ((await memoryInUse()) - before) / MIB;
  canary.hush();
  const verdict = sum(await settled(bystanders));
  expect(logger.lines.slice(lines)).toEqual([]);
  expect(mib).toBeLessThan(24);
  expect(bystanders.flatMap(({ closes }) => closes)).toEqual([]);
  await Promise.all(bystanders.map((bystander) => bystander.leave('close')));
  return { verdict, mib };
}

describe('connections', () => {
  it('that come and go in a storm, in every way there is, leave nothing', async (test) => {
    const random = Random.announced('connection storm');
    const visits = scaled({ short: 600, long: 8_000 });
    const { verdict, mib } = await expectNothingLeft(async (app) => {
      await batched(visits, () => comeAndGo(app, random));
    });
    report(test, {
      what: 'connect and disconnect storm',
      load: `${visits} connections of both kinds: polite, cut, reset, given up in the handshake; seed ${random.seed}`,
      outcome: `none is left, no log line, memory ${mib.toFixed(1)} MiB more`,
      verdict,
    });
  });

  it('that are reset in the middle of a frame, leave nothing', async (test) => {
    const random = Random.announced('resets in mid-frame');
    const resets = scaled({ short: 300, long: 3_000 });
    const { verdict, mib } = await expectNothingLeft(async (app) => {
      await batched(resets, async () => {
        const client = await within(app.watchRaw('/ws/monitor?v=1&replay=200'), 'a client connects');
        await new Promise<void>((resolve) => client.socket.write(cutFrame(random), () => resolve()));
        client.socket.resetAndDestroy();
        await client.gone;
      });
    });
    report(test, {
      what: 'resets in mid-frame',
      load: `${resets} connections, seed ${random.seed}`,
      outcome: `none is left, no log line, memory ${mib.toFixed(1)} MiB more`,
      verdict,
    });
  });

  // The heartbeat needs 35 s of real time; with a mocked clock it is in monitor-lifecycle.spec.ts.
  it.runIf(LONG)(
    'that are half open, are found by their silence',
    async (test) => {
      const silent = 100;
      let found = 0;
      const { verdict } = await expectNothingLeft(async (app) => {
        const clients = await batched(silent, () => app.watchRaw('/ws/monitor'));
        const start = performance.now();
        await so(() => app.gateway.clients === 2, 'the silent are gone', 65_000);
        found = performance.now() - start;
        await Promise.all(clients.map((client) => client.gone));
      });
      report(test, {
        what: 'half-open sockets: peers that vanished without closing',
        load: `${silent} connections`,
        outcome: `all were cut after ${(found / 1_000).toFixed(0)} s`,
        verdict,
      });
    },
    120_000,
  );
});

async function comeAndGo(app: MonitoredApp, random: Random): Promise<void> {
  if (random.chance(0.3)) return readAndGo(app, random);
  const how = random.integer(0, 4);
  if (how <= 1) {
    const socket = await tcp(app.port);
    const request = `GET /ws/monitor HTTP/1.1\r\nHost: 127.0.0.1:${app.port}\r\nUpgrade: websocket\r\n`;
    await new Promise<void>((resolve) =>
      socket.write(request.slice(0, random.integer(1, request.length)), () => resolve()),
    );
    return end(socket, how === 0 ? 'destroy' : 'resetAndDestroy');
  }
  const path = random.pick(['/ws/monitor', '/ws/monitor?v=1', '/ws/monitor?replay=50&category=audit']);
  const client = await within(RawClient.connect(app.port, path), 'a client connects');
  if (random.chance(0.3)) await pause(random.integer(1, 20));
  if (how === 2) client.write(Buffer.from('888003e80000', 'hex'));
  return end(client.socket, how === 3 ? 'destroy' : 'resetAndDestroy');
}

/** The same over HTTP: requests that are cut, streams that are left at once or after a while, several in a row. */
async function readAndGo(app: MonitoredApp, random: Random): Promise<void> {
  const socket = await tcp(app.port);
  const path = random.pick(['', '?format=ndjson', '?replay=50&category=audit', '?level=NO']);
  const request = `GET /monitor/stream${path} HTTP/1.1\r\nHost: 127.0.0.1:${app.port}\r\n\r\n`;
  const sent = random.chance(0.3)
    ? request.slice(0, random.integer(1, request.length))
    : request.repeat(random.pick([1, 1, 3]));
  await new Promise<void>((resolve) => socket.write(sent, () => resolve()));
  if (random.chance(0.5)) await pause(random.integer(1, 20));
  if (random.chance(0.5)) socket.resume();
  return end(socket, random.pick(['destroy', 'resetAndDestroy'] as const));
}

async function tcp(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await within(new Promise((resolve) => socket.once('connect', resolve)), 'a socket connects');
  return socket;
}

async function end(socket: Socket, how: 'destroy' | 'resetAndDestroy'): Promise<void> {
  if (socket.closed) return;
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket[how]();
  await within(closed, 'a socket closes');
}
