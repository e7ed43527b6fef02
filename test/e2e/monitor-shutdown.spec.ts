import { type BeforeApplicationShutdown, Injectable, Module, type OnModuleDestroy } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { CLOSE_CODES } from 'nestjs-log-stream';
import { describe, expect, it, vi } from 'vitest';
import { bareApp } from '../harness/bare-app.js';
import { eventually, turns } from '../harness/event-loop.js';
import { OPCODES } from '../harness/frames.js';
import { type MonitoredApp, monitoredApp } from '../harness/monitored-app.js';
import { MonitorClient } from '../harness/monitor-client.js';
import { activeResources, addedResources, OwnTimers } from '../harness/own-timers.js';
import { range } from '../harness/produce.js';
import { RawClient } from '../harness/raw-client.js';
import { WitnessAdapter } from '../harness/witness-adapter.js';
import { onNest12 } from '../harness/nest-version.js';

const GOING_AWAY = { code: CLOSE_CODES.goingAway, reason: 'the application shuts down' };

function publish(app: MonitoredApp, count: number, padding = ''): void {
  for (let i = 0; i < count; i++) app.stream.publish({ message: String(i), padding });
}

/** Publishes until the kernel takes no more for any of these clients. */
async function stall(app: MonitoredApp, clients: RawClient[]): Promise<void> {
  for (const client of clients) client.pause();
  while (app.peers.some((peer) => peer.bufferedAmount <= 1024 * 1024)) {
    publish(app, 100, 'x'.repeat(8_000));
    // oxlint-disable-next-line no-await-in-loop -- until it is full
    await turns(1);
  }
}

describe('closing the app', () => {
  it.each(['express', 'fastify', 'socket.io'])(
    'sends what is waiting, then says goodbye with 1001, on %s',
    async (platform) => {
      const builder = monitoredApp();
      if (platform === 'fastify') builder.onFastify();
      if (platform === 'socket.io') builder.webSocketAdapter((nest) => new IoAdapter(nest));
      const app = await builder.start();
      const clients = await Promise.all([app.watch(), app.watch(), app.watch()]);
      const closed = Promise.all(clients.map((client) => client.closed()));
      publish(app, 300);
      await app.close();
      expect(await closed).toEqual([GOING_AWAY, GOING_AWAY, GOING_AWAY]);
      for (const client of clients) {
        expect(client.frames.map(({ data }) => data['message'])).toEqual(
          Array.from({ length: 300 }, (_, i) => String(i)),
        );
      }
      expect(app.gateway.clients).toBe(0);
    },
  );

  describe.each([
    ['a WebSocket', (app: MonitoredApp) => app.watchExtended('replay=20000')],
    ['an event stream', (app: MonitoredApp) => app.read('replay=20000')],
    ['NDJSON', (app: MonitoredApp) => app.read('replay=20000&format=ndjson')],
  ])('with a client that is catching up over %s', (_, connect) => {
    it('lets it have the rest, tells it so, and then says goodbye', async () => {
      const records = 20_000;
      const history = { records, bytes: 512 * 1024 * 1024 };
      const app = await bareApp({ history });
      publish(app, records, 'x'.repeat(500));
      const client = await connect(app);
      expect(app.gateway.fanOut.lag).toBeGreaterThan(5_000);
      await app.close();
      await client.until(() => client.all('closing').length === 1);
      expect(client.seqs).toEqual(range(1, records + 1));
      const types = client.frames.slice(-2).map(({ type }) => type);
      expect(types).toEqual(['caught_up', 'closing']);
      expect(client.all('caught_up')[0]!.data).toMatchObject({ recovered: true });
      expect(client.all('closing')[0]!.data).toMatchObject({ code: 4000, reconnect: true });
    });
  });

  it('does not wait for a client that has paused', async () => {
    const app = await bareApp();
    const client = await app.watchExtended();
    await client.ask('pause');
    publish(app, 100);
    await app.close();
    expect(client.items).toEqual([]);
    expect(client.frames.at(-1)!.type).toBe('closing');
  });

  it('sends what other parts of the app log while they are destroyed', async () => {
    @Injectable()
    class Pool implements OnModuleDestroy {
      onModuleDestroy(): void {
        started.stream.publish({ message: 'pool drained' });
      }
    }
    const started = await monitoredApp()
      .with({ providers: [Pool] })
      .start();
    const client = await started.watch();
    const closed = client.closed();
    await started.close();
    expect(await closed).toEqual(GOING_AWAY);
    expect(client.frames.map(({ data }) => data['message'])).toEqual(['pool drained']);
  });

  it('leaves nothing behind', async () => {
    using timers = new OwnTimers();
    let adapter: WitnessAdapter | undefined;
    const before = activeResources();
    const app = await monitoredApp()
      .beforeInit((nest) => void (adapter = new WitnessAdapter(nest)))
      .start();
    const { httpServer, gateway, stream } = app;
    const clients = await Promise.all([app.watch(), app.watch()]);
    const closed = Promise.all(clients.map((client) => client.closed()));
    publish(app, 10);
    await app.close();
    await closed;
    await eventually(() => timers.waiting.length === 0);
    await eventually(() => addedResources(before)['TCPSocketWrap'] === undefined);
    expect(addedResources(before)).toEqual({});
    expect(httpServer.listenerCount('upgrade')).toBe(0);
    expect(adapter!.servers[0]!.clients.size).toBe(0);
    expect(gateway.clients).toBe(0);
    expect(stream.observed).toBe(false);
    expect(stream.publish({ message: 'too late' })).toBeUndefined();
    expect(timers.total).toBeGreaterThan(0);
  });

  it('cuts a client that does not answer the goodbye, after one second', async () => {
    const app = await monitoredApp().start();
    await using silent = await app.watchRaw();
    await using polite = await app.watch();
    const closed = polite.closed();
    const start = performance.now();
    await app.close();
    expect(performance.now() - start).toBeGreaterThan(900);
    await silent.gone;
    expect(silent.closeCode).toBe(CLOSE_CODES.goingAway);
    expect(await closed).toEqual(GOING_AWAY);
    expect(app.gateway.clients).toBe(0);
  });

  it('does not wait for clients that have stopped reading', async () => {
    const history = { records: 100_000, bytes: 512 * 1024 * 1024 };
    const app = await monitoredApp({ logger: false, history }).start();
    const stalled = await Promise.all([app.watchRaw(), app.watchRaw(), app.watchRaw()]);
    await stall(app, stalled);
    await app.close();
    expect(app.gateway.clients).toBe(0);
    expect(app.stream.observed).toBe(false);
    await Promise.all(stalled.map((client) => client[Symbol.asyncDispose]()));
  });

  it('does not wait for a client that was already told that it is too slow', async () => {
    const app = await monitoredApp({ logger: false, history: { records: 400 } }).start();
    const slow = await app.watchRaw();
    await stall(app, [slow]);
    publish(app, 500);
    await turns(1);
    slow.resume();
    await slow.until(() => slow.frames.some(({ opcode }) => opcode === OPCODES.close));
    expect(slow.closeCode).toBe(CLOSE_CODES.tryAgainLater);
    await app.close();
    await slow.gone;
    expect(app.gateway.clients).toBe(0);
  });

  it('does not wait for an authorize that has not decided: the client is refused with 503', async () => {
    const asked = vi.fn<() => void>();
    let decide = (_admitted: boolean): void => {};
    const authorize = (): Promise<boolean> => {
      asked();
      return new Promise((resolve) => (decide = resolve));
    };
    const app = await monitoredApp({ logger: false, authorize }).start();
    const refusal = app.refusal();
    await eventually(() => asked.mock.calls.length === 1);
    await app.close();
    expect(await refusal).toBe(503);
    decide(true);
    await turns(5);
    expect(app.gateway.clients).toBe(0);
    expect(app.stream.observed).toBe(false);
  });

  it('refuses with 503 who comes after the goodbye', async () => {
    let adapter: WitnessAdapter | undefined;
    const app = await monitoredApp()
      .beforeInit((nest) => void (adapter = new WitnessAdapter(nest)))
      .start();
    const statuses: number[] = [];
    adapter!.onClose = async () => {
      statuses.push((await RawClient.connect(app.port)).status);
    };
    await app.close();
    expect(statuses).toEqual([503]);
    expect(app.gateway.clients).toBe(0);
  });

  it('says goodbye to who comes while the rest of the app still shuts down', async () => {
    const connected: MonitorClient[] = [];
    @Injectable()
    class Late implements OnModuleDestroy {
      async onModuleDestroy(): Promise<void> {
        connected.push(await started.watch());
      }
    }
    const started = await monitoredApp()
      .with({ providers: [Late] })
      .start();
    const closing = started.close();
    await eventually(() => connected.length === 1);
    const closed = connected[0]!.closed();
    await closing;
    expect(await closed).toEqual(GOING_AWAY);
  });

  // Nest 11 breaks off there.
  it.runIf(onNest12)('goes through when another part of the app fails to shut down', async () => {
    @Module({})
    class Failing implements BeforeApplicationShutdown {
      beforeApplicationShutdown(): Promise<void> {
        return Promise.reject(new Error('cannot'));
      }
    }
    const app = await monitoredApp()
      .with({ imports: [Failing] })
      .start();
    const client = await app.watch();
    const closed = client.closed();
    await app.close();
    expect(await closed).toEqual(GOING_AWAY);
  });

  it('may be asked for twice', async () => {
    const app = await monitoredApp().start();
    const client = await app.watch();
    const closed = client.closed();
    await Promise.all([app.close(), app.close()]);
    expect(await closed).toEqual(GOING_AWAY);
  });

  it('is no obstacle to starting another app of the same kind', async () => {
    for (let round = 0; round < 3; round++) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await using app = await monitoredApp().start();
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await using client = await app.watch();
      app.stream.publish({ message: `round ${round}` });
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await client.message(`round ${round}`);
      expect(client.texts).toHaveLength(1);
    }
  });
});
