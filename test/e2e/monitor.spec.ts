import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventually, turns } from '../harness/event-loop.js';
import { OPCODES } from '../harness/frames.js';
import { type MonitorClient } from '../harness/monitor-client.js';
import { type MonitoredApp, monitoredApp } from '../harness/monitored-app.js';
import { WitnessAdapter } from '../harness/witness-adapter.js';
import { runs } from '../harness/property-runs.js';

/** Publishes records whose message is their position in the stream. */
function publish(app: MonitoredApp, count: number): void {
  for (let i = 0; i < count; i++) app.stream.publish({ message: String(app.stream.history.end) });
}

function positions(client: MonitorClient): number[] {
  return client.frames.map(({ data }) => Number(data['message']));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}

describe('the monitor', () => {
  it('sends system and audit records as they are logged, in the two formats', async () => {
    await using app = await monitoredApp().start();
    await using client = await app.watch();
    function spawnInstance(): void {
      new Logger('app.server').log('Instance spawned successfully', { instance_id: 'abc123' });
    }
    spawnInstance();
    new Logger('audit.instance').log('spawned', {
      action: 'instance_spawn',
      metadata: { role: 'x' },
      event_type: 'spawn',
    });
    const [system, audit] = await client.count(2);
    expect(system).toEqual({
      type: 'system_log',
      data: {
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        level: 'INFO',
        logger: 'app.server',
        message: 'Instance spawned successfully',
        module: 'monitor.spec',
        function: 'spawnInstance',
        line: expect.any(Number),
        instance_id: 'abc123',
      },
    });
    expect(audit).toEqual({
      type: 'audit_log',
      data: {
        timestamp: expect.any(String),
        level: 'INFO',
        logger: 'audit.instance',
        message: 'spawned',
        action: 'instance_spawn',
        metadata: { role: 'x' },
        event_type: 'spawn',
      },
    });
    expect(Object.keys(audit!.data)).toEqual(
      'timestamp level logger message action metadata event_type'.split(' '),
    );
    expect(Object.keys(system!.data).slice(0, 7)).toEqual(
      'timestamp level logger message module function line'.split(' '),
    );
  });

  it('sends one record per unmasked, unfragmented text frame, and nothing else', async () => {
    await using app = await monitoredApp().start();
    await using client = await app.watchRaw();
    publish(app, 700);
    await turns(2);
    publish(app, 1);
    await client.until(() => client.frames.length >= 701);
    await turns(5);
    expect(client.frames).toHaveLength(701);
    for (const frame of client.frames) {
      expect(frame).toMatchObject({ fin: true, opcode: OPCODES.text, masked: false });
      expect(JSON.parse(String(frame.payload))).toMatchObject({ type: 'system_log' });
    }
  });

  it('sends nothing at all to a client while nothing is logged', async () => {
    await using app = await monitoredApp().start();
    await using client = await app.watchRaw();
    await using second = await app.watch();
    await second[Symbol.asyncDispose]();
    await eventually(() => app.gateway.clients === 1);
    await turns(20);
    expect(client.frames).toEqual([]);
    expect(client.socket.bytesRead).toBe(client.answer.length + 4);
  });

  it('says nothing about compression, and offers no subprotocol', async () => {
    await using app = await monitoredApp().start();
    await using client = await app.watchRaw('/ws/monitor', {
      'Sec-WebSocket-Extensions': 'permessage-deflate',
    });
    expect(client.status).toBe(101);
    expect(client.answer).not.toMatch(/sec-websocket-(extensions|protocol)/i);
  });

  it('serves its path whatever the query, and no other path', async () => {
    await using app = await monitoredApp({ logger: false, path: '/logs' }).start();
    await using client = await app.watch('/logs?x=/ws/monitor');
    publish(app, 1);
    expect(await client.count(1)).toHaveLength(1);
    for (const path of ['/ws/monitor', '/logs/', '/logsx', '/', '/x/logs']) {
      await expect(app.watch(path)).rejects.toThrow('Unexpected server response: 404');
    }
  });

  it('carries a record of the largest size and of every script', async () => {
    await using app = await monitoredApp().start();
    await using client = await app.watch();
    const message = 'é漢🚀\u2028\u0000"\\'.repeat(3_000);
    app.stream.publish({ message, detail: 'x'.repeat(60_000) });
    const [frame] = await client.count(1);
    expect(frame!.data).toMatchObject({ message, detail: expect.stringMatching(/^x{30000}/) });
  });

  it('gives all clients the same texts', async () => {
    await using app = await monitoredApp().start();
    const clients = await Promise.all(Array.from({ length: 20 }, () => app.watch()));
    publish(app, 300);
    await Promise.all(clients.map((client) => client.count(300)));
    for (const client of clients) expect(client.texts).toEqual(clients[0]!.texts);
    await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
  });

  it('works without a history', async () => {
    await using app = await monitoredApp({ logger: false, history: false }).start();
    await using client = await app.watch();
    const from = app.stream.history.end;
    publish(app, 6_000);
    await client.count(6_000);
    expect(positions(client)).toEqual(range(from, from + 6_000));
  });

  it('starts a client that comes in the middle of a burst with the next record', async () => {
    const ends: number[] = [];
    let witness: WitnessAdapter | undefined;
    await using app = await monitoredApp()
      .beforeInit((nest) => void (witness = new WitnessAdapter(nest)))
      .start();
    witness!.onConnect = () => {
      publish(app, 7);
      ends.push(app.stream.history.end);
    };
    await using early = await app.watch();
    publish(app, 3);
    const connecting = app.watch();
    await eventually(() => {
      publish(app, 50);
      return ends.length === 2;
    });
    publish(app, 5);
    await using late = await connecting;
    publish(app, 5);
    const end = app.stream.history.end;
    await early.until(() => positions(early).at(-1) === end - 1);
    await late.until(() => positions(late).at(-1) === end - 1);
    expect(positions(early)).toEqual(range(ends[0]!, end));
    expect(positions(late)).toEqual(range(ends[1]!, end));
  });

  it('gives each client exactly the records between its connect and its disconnect', async () => {
    let witness: WitnessAdapter | undefined;
    const flush = { windowMs: 1, records: 5, bytes: 1024 };
    await using app = await monitoredApp({ logger: false, flush })
      .beforeInit((nest) => void (witness = new WitnessAdapter(nest)))
      .start();
    const starts = new Map<string, number>();
    witness!.onConnect = (_, request) => starts.set(request.url!, app.stream.history.end);
    let clients = 0;

    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ do: fc.constant('publish' as const), count: fc.nat(40) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('turn' as const) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('connect' as const) }) },
      fc.record({ do: fc.constantFrom('leave' as const, 'vanish' as const), which: fc.nat(5) }),
    );
    interface Seat {
      readonly path: string;
      readonly connecting: Promise<MonitorClient>;
    }
    /** Everything from its connect on, in order and once, at least up to where it was waited for. */
    const verify = ({ path }: Seat, client: MonitorClient, upTo: number): void => {
      const start = starts.get(path)!;
      const got = positions(client);
      expect(got).toEqual(range(start, start + got.length));
      expect(start + got.length).toBeGreaterThanOrEqual(upTo);
    };
    const leave = async (seat: Seat): Promise<void> => {
      const client = await seat.connecting;
      const end = app.stream.history.end;
      await client.until(() => starts.get(seat.path)! + client.texts.length >= end);
      await client[Symbol.asyncDispose]();
      verify(seat, client, end);
    };
    const vanish = async (seat: Seat): Promise<void> => {
      const client = await seat.connecting;
      const closed = client.closed();
      client.socket.terminate();
      await closed;
      verify(seat, client, 0);
    };

    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async (steps) => {
        const seats: Seat[] = [];
        const leaving: Promise<void>[] = [];
        for (const action of steps) {
          if (action.do === 'publish') publish(app, action.count);
          // oxlint-disable-next-line no-await-in-loop -- the order of the steps is the test
          else if (action.do === 'turn') await turns(3);
          else if (action.do === 'connect') {
            const path = `/ws/monitor?client=${(clients += 1)}`;
            seats.push({ path, connecting: app.watch(path) });
          } else {
            const [seat] = seats.splice(action.which, 1);
            if (seat) leaving.push(action.do === 'leave' ? leave(seat) : vanish(seat));
          }
        }
        await Promise.all([...leaving, ...seats.map(leave)]);
        await eventually(() => app.gateway.clients === 0);
        expect(app.stream.observed).toBe(false);
      }),
      { numRuns: runs(60) },
    );
    expect(clients).toBeGreaterThan(60);
  });
});

describe('two apps in one process', () => {
  it('serve different paths and do not see each other', async () => {
    await using first = await monitoredApp({ logger: false, path: '/first' }).start();
    await using second = await monitoredApp({ logger: false, path: '/second' }).start();
    await using one = await first.watch('/first');
    await using two = await second.watch('/second');
    await expect(first.watch('/second')).rejects.toThrow('Unexpected server response: 404');
    await expect(second.watch('/first')).rejects.toThrow('Unexpected server response: 404');
    first.stream.publish({ message: 'of the first' });
    second.stream.publish({ message: 'of the second' });
    await Promise.all([one.message('of the first'), two.message('of the second')]);
    expect([one.texts.length, two.texts.length]).toEqual([1, 1]);
    expect([first.gateway.clients, second.gateway.clients]).toEqual([1, 1]);
  });

  it('may close one after the other', async () => {
    const first = await monitoredApp({ logger: false, path: '/first' }).start();
    await using second = await monitoredApp({ logger: false, path: '/second' }).start();
    await using client = await second.watch('/second');
    await first.close();
    second.stream.publish({ message: 'still here' });
    await client.message('still here');
    expect(client.texts).toHaveLength(1);
  });
});
