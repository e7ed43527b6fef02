import { CLOSE_CODES } from 'nestjs-log-stream';
import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type WebSocket } from 'ws';
import { eventually, turns } from '../harness/event-loop.js';
import { clientFrame, OPCODES } from '../harness/frames.js';
import { type MonitoredApp, monitoredApp } from '../harness/monitored-app.js';
import { activeResources, addedResources, OwnTimers } from '../harness/own-timers.js';
import { RecordingLogger } from '../harness/recording-logger.js';
import { WitnessAdapter } from '../harness/witness-adapter.js';

/** Listeners that connections might leave behind. */
function listeners(app: MonitoredApp, adapter: WitnessAdapter): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [name, emitter] of [
    ['http', app.httpServer],
    ['ws', adapter.servers[0]!],
  ] as const) {
    for (const event of emitter.eventNames()) {
      counts[`${name} ${String(event)}`] = emitter.listenerCount(event);
    }
  }
  return counts;
}

describe('a connection', () => {
  it('is counted from its connect to its disconnect', async () => {
    await using app = await monitoredApp().start();
    expect(app.gateway.clients).toBe(0);
    const first = await app.watch();
    const second = await app.watch();
    expect(app.gateway.clients).toBe(2);
    expect(app.stream.observed).toBe(true);
    await first[Symbol.asyncDispose]();
    await eventually(() => app.gateway.clients === 1);
    expect(app.stream.observed).toBe(true);
    await second[Symbol.asyncDispose]();
    await eventually(() => app.gateway.clients === 0);
    expect(app.stream.observed).toBe(false);
  });

  it('is counted once when Nest tells of its connect and disconnect more than once', async () => {
    await using app = await monitoredApp().start();
    await using client = await app.watch();
    const [peer] = app.peers;
    app.gateway.handleDisconnect(peer!);
    app.gateway.handleDisconnect(peer!);
    expect(app.gateway.clients).toBe(0);
    expect(app.stream.observed).toBe(false);
    expect(client.texts).toEqual([]);
  });

  it('that ends with a close frame is forgotten, and its close answered', async () => {
    await using app = await monitoredApp().start();
    const client = await app.watch();
    const closed = client.closed();
    client.socket.close(1000, 'done');
    expect(await closed).toEqual({ code: 1000, reason: 'done' });
    await eventually(() => app.gateway.clients === 0);
    expect(app.stream.observed).toBe(false);
  });

  it('that is cut is forgotten', async () => {
    await using app = await monitoredApp().start();
    const client = await app.watch();
    client.socket.terminate();
    await eventually(() => app.gateway.clients === 0);
    expect(app.stream.observed).toBe(false);
  });

  it('that is reset is forgotten, without a log line', async () => {
    const logger = new RecordingLogger();
    await using app = await monitoredApp({ logger }).start();
    await using client = await app.watchRaw();
    const before = logger.lines.length;
    client.socket.resetAndDestroy();
    await eventually(() => app.gateway.clients === 0);
    await turns(3);
    expect(logger.lines.slice(before)).toEqual([]);
  });

  it('that is half-closed by its client is ended', async () => {
    await using app = await monitoredApp().start();
    await using client = await app.watchRaw();
    client.socket.end();
    await client.gone;
    await eventually(() => app.gateway.clients === 0);
    expect(app.stream.observed).toBe(false);
  });

  it.each([
    ['a header', 1],
    ['a mask', 4],
    ['a payload', 10],
  ])('that ends in the middle of %s is forgotten, and the others go on', async (_, bytes) => {
    await using app = await monitoredApp().start();
    await using other = await app.watch();
    const client = await app.watchRaw();
    client.write(clientFrame(OPCODES.text, '{"event":"x"}').subarray(0, bytes));
    app.stream.publish({ message: 'during' });
    await other.message('during');
    await client.until(() => client.texts.length === 1);
    await client[Symbol.asyncDispose]();
    await eventually(() => app.gateway.clients === 1);
    app.stream.publish({ message: 'after' });
    await other.message('after');
    expect(other.texts).toHaveLength(2);
  });

  it('that ends during its handshake was never there', async () => {
    let decide = (_settle: (may: boolean) => void): void => {};
    await using app = await monitoredApp({
      logger: false,
      authorize: () => new Promise<boolean>((resolve) => decide(resolve)),
    }).start();
    const connecting = app.watchRaw();
    const [socket] = await new Promise<[import('node:net').Socket]>((resolve) => {
      app.httpServer.once('connection', (socket: import('node:net').Socket) => resolve([socket]));
    });
    // Until its handshake has come.
    await new Promise<void>((resolve) => {
      decide = (settle) => {
        setImmediate(settle, true);
        resolve();
      };
    });
    socket.destroy();
    await expect(connecting).rejects.toThrow(/closed before it answered|ECONNRESET/);
    await turns(5);
    expect(app.gateway.clients).toBe(0);
  });
});

describe('a connection without a sign of life', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('ends 10 s after a ping that was not answered, and one that answers stays', async () => {
    await using app = await monitoredApp().start();
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] });
    await using silent = await app.watchRaw();
    await using alive = await app.watch();
    const pong = once(app.peers[1]!, 'pong');
    vi.advanceTimersByTime(25_000);
    await silent.until(() => silent.frames.some(({ opcode }) => opcode === OPCODES.ping));
    await pong;
    vi.advanceTimersByTime(10_000);
    await silent.until(() => silent.closeCode !== undefined);
    expect(silent.closeCode).toBe(CLOSE_CODES.tryAgainLater);
    vi.advanceTimersByTime(1_000);
    await silent.gone;
    await eventually(() => app.gateway.clients === 1);
    vi.useRealTimers();
    app.stream.publish({ message: 'alive' });
    await alive.message('alive');
    expect(alive.texts).toHaveLength(1);
  });
});

describe('1,000 connects and disconnects', () => {
  it(
    'leave no listener, no timer, no subscription, no session and no socket',
    { timeout: 60_000 },
    async () => {
      let adapter: WitnessAdapter | undefined;
      await using app = await monitoredApp()
        .beforeInit((nest) => void (adapter = new WitnessAdapter(nest)))
        .start();
      using timers = new OwnTimers();
      const cycle = async (index: number): Promise<void> => {
        const client = await app.watch();
        app.stream.publish({ message: `m${index}` });
        if (index % 3 === 0) await client.message(`m${index}`);
        if (index % 2 === 0) return client[Symbol.asyncDispose]();
        const closed = client.closed();
        client.socket.terminate();
        await closed;
      };
      const cycles = async (from: number, to: number): Promise<void> => {
        for (let index = from; index < to; index += 25) {
          const batch = Array.from({ length: 25 }, (_, offset) => cycle(index + offset));
          // oxlint-disable-next-line no-await-in-loop -- batch after batch
          await Promise.all(batch);
        }
        await eventually(() => app.gateway.clients === 0);
      };
      await cycles(0, 25);
      await eventually(() => timers.waiting.length === 0);
      const before = { listeners: listeners(app, adapter!), resources: activeResources() };
      await cycles(25, 1025);
      await eventually(() => timers.waiting.length === 0);
      await eventually(() => addedResources(before.resources)['TCPSocketWrap'] === undefined);
      expect(listeners(app, adapter!)).toEqual(before.listeners);
      expect(addedResources(before.resources)).toEqual({});
      expect(adapter!.servers[0]!.clients.size).toBe(0);
      expect(app.peers).toEqual([]);
      expect(app.stream.observed).toBe(false);
      expect(timers.total).toBeGreaterThan(0);
    },
  );
});

describe('a client that cannot be written to', () => {
  /** Two good clients around a bad one, in the order of their connects. */
  async function three(app: MonitoredApp) {
    const first = await app.watch();
    const bad = await app.watch();
    const last = await app.watch();
    return { first, bad, last, peer: app.peers[1]! };
  }

  type Internals = { _socket: import('node:net').Socket; _sender: Record<string, unknown> };
  const internalsOf = (peer: WebSocket): Internals => peer as unknown as Internals;

  it.each<[string, (peer: WebSocket) => void]>([
    ['whose socket was destroyed under it', (peer) => internalsOf(peer)._socket.destroy()],
    [
      'whose socket was destroyed with an error',
      (peer) => internalsOf(peer)._socket.destroy(new Error('cable cut')),
    ],
    [
      'whose sender throws',
      (peer) => {
        internalsOf(peer)._sender['sendFrame'] = () => {
          throw new Error('broken sender');
        };
      },
    ],
    [
      'whose socket throws when it is written to',
      (peer) => {
        internalsOf(peer)._socket.write = () => {
          throw new Error('broken socket');
        };
      },
    ],
    [
      'whose public send throws, without a sender',
      (peer) => {
        internalsOf(peer)._sender['sendFrame'] = undefined;
        peer.send = () => {
          throw new Error('broken send');
        };
      },
    ],
    ['whose peer is gone', (peer) => peer.terminate()],
  ])('is removed, and the others get everything: one %s', async (_, sabotage) => {
    const logger = new RecordingLogger();
    await using app = await monitoredApp({ logger }).start();
    const { first, bad, last, peer } = await three(app);
    const lines = logger.lines.length;
    for (const client of [first, bad, last])
      void app.stream.publish({ message: `for ${client.texts.length}` });
    await bad.count(3);
    const closed = bad.closed();
    sabotage(peer);
    for (let i = 0; i < 300; i++) app.stream.publish({ message: `m${i}` });
    await Promise.all([first.count(303), last.count(303), closed]);
    await eventually(() => app.gateway.clients === 2);
    app.stream.publish({ message: 'after' });
    await Promise.all([first.message('after'), last.message('after')]);
    expect(last.texts).toEqual(first.texts);
    expect(first.texts).toHaveLength(304);
    expect(bad.texts).toHaveLength(3);
    expect(logger.lines.slice(lines)).toEqual([]);
    await Promise.all([first, last].map((client) => client[Symbol.asyncDispose]()));
    await eventually(() => !app.stream.observed);
  });
});

describe('a ws whose internals are not what they are today', () => {
  it.each(['_sender', '_socket', '_sender and _socket'])('still works: without %s', async (hidden) => {
    await using app = await monitoredApp()
      .beforeInit((nest) => {
        const adapter = new WitnessAdapter(nest);
        adapter.disguise = (client) =>
          new Proxy(client, {
            get(target, property) {
              if (hidden.split(' and ').includes(String(property))) return undefined;
              const value: unknown = Reflect.get(target, property, target);
              return typeof value === 'function' ? value.bind(target) : value;
            },
          });
      })
      .start();
    const client = await app.watch();
    for (let i = 0; i < 3000; i++) app.stream.publish({ message: `m${i}`, padding: 'x'.repeat(1000) });
    const frames = await client.count(3000);
    expect(frames.map(({ data }) => data['message'])).toEqual(
      Array.from({ length: 3000 }, (_, i) => `m${i}`),
    );
    await client[Symbol.asyncDispose]();
    await eventually(() => app.gateway.clients === 0);
    expect(app.stream.observed).toBe(false);
  });
});
