import { WsAdapter } from '@nestjs/platform-ws';
import { basicAuth, CLOSE_CODES, EXTENDED_CLOSE_CODES } from 'nestjs-log-stream';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { bareApp } from '../harness/bare-app.js';
import { eventually, turns } from '../harness/event-loop.js';
import { clientFrame, OPCODES } from '../harness/frames.js';
import { EchoGateway } from '../harness/gateways.js';
import { type MonitoredApp, monitoredApp } from '../harness/monitored-app.js';
import { RecordingLogger } from '../harness/recording-logger.js';
import { WitnessAdapter } from '../harness/witness-adapter.js';

const MIB = 1024 * 1024;

function frames(count: number, opcode: number, payload: string): Buffer {
  return Buffer.concat(Array.from({ length: count }, () => clientFrame(opcode, payload)));
}

function backlog(app: MonitoredApp): number {
  return Math.max(0, ...app.peers.map(({ bufferedAmount }) => bufferedAmount));
}

describe('a flood of what is no message', () => {
  it.each([
    ['pings', OPCODES.ping],
    ['pongs that answer nothing', OPCODES.pong],
  ])('of %s ends the connection, as one of messages does', async (_, opcode) => {
    await using app = await bareApp();
    await using client = await app.watchRaw('/ws/monitor?v=1');
    client.write(frames(100, opcode, 'x'));
    client.write(clientFrame(OPCODES.text, '{"event":"ping","id":"still here"}'));
    await client.until(() => client.texts.some((text) => text.includes('still here')));
    client.write(frames(1, opcode, 'x'));
    await client.until(() => client.closeCode !== undefined);
    expect(client.closeCode).toBe(EXTENDED_CLOSE_CODES.tooManyMessages);
  });

  it('is not what answers the pings of the server', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      await using app = await bareApp({ limits: { messages: { count: 1, windowMs: 3_600_000 } } });
      await using client = await app.watch();
      for (let pings = 1; pings <= 5; pings++) {
        const answered = new Promise((resolve) => app.peers[0]!.once('pong', resolve));
        vi.advanceTimersByTime(25_000);
        await answered;
      }
      expect(app.gateway.clients).toBe(1);
      expect(client.texts).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('of empty fragments ends the connection', async () => {
    await using app = await bareApp();
    await using client = await app.watchRaw();
    client.write(clientFrame(OPCODES.text, '', OPCODES.text));
    for (let n = 0; n < 20; n++) {
      client.write(Buffer.concat(Array.from({ length: 100 }, () => clientFrame(0, '', 0))));
    }
    await client.until(() => client.closeCode !== undefined);
    expect(client.closeCode).toBe(CLOSE_CODES.policyViolation);
  });
});

describe('answers that nobody reads', () => {
  afterEach(() => void vi.useRealTimers());

  it('stop at 2 MiB, and so does the connection', async () => {
    const logger = new RecordingLogger();
    await using app = await monitoredApp({
      logger,
      limits: { messages: { count: 1_000_000 } },
      history: { records: 2_000 },
    }).start();
    for (let n = 0; n < 200; n++) app.stream.publish({ message: 'x'.repeat(2_000) });
    const lines = logger.lines.length;
    await using client = await app.watchRaw('/ws/monitor?v=1');
    client.pause();
    const filter = { logger: Array.from({ length: 32 }, (_, n) => `${n}${'x'.repeat(250)}`) };
    const ask = clientFrame(OPCODES.text, JSON.stringify({ event: 'subscribe', data: { filter } }));
    const many = Buffer.concat(Array.from({ length: 50 }, () => ask));
    let largest = 0;
    while (app.gateway.clients > 0) {
      client.write(many);
      await turns(5);
      largest = Math.max(largest, backlog(app));
      if (app.gateway.counters.closings.size > 0) break;
    }
    expect(largest).toBeLessThan(3 * MIB);
    expect([...app.gateway.counters.closings.keys()]).toEqual([EXTENDED_CLOSE_CODES.stalled]);
    await eventually(() => app.gateway.clients === 0);
    expect(logger.lines.slice(lines)).toEqual([]);
  });

  it('count as stalling, also where nothing is logged', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    await using app = await bareApp({ limits: { messages: { count: 1_000_000 } } });
    await using client = await app.watchRaw('/ws/monitor?v=1');
    client.pause();
    // Each is answered with itself: until the kernel takes no more.
    const ask = clientFrame(OPCODES.text, JSON.stringify({ event: 'ping', id: 'x'.repeat(128) }));
    const many = Buffer.concat(Array.from({ length: 500 }, () => ask));
    while (backlog(app) < 1_000) {
      client.write(many);
      await turns(5);
    }
    vi.advanceTimersByTime(30_000);
    expect(app.gateway.counters.closings.size).toBe(0);
    vi.advanceTimersByTime(10_000);
    expect([...app.gateway.counters.closings]).toEqual([[EXTENDED_CLOSE_CODES.stalled, 1]]);
  });

  it('have no long ids', async () => {
    await using app = await bareApp();
    await using client = await app.watchExtended();
    client.send({ event: 'ping', id: 'x'.repeat(129) });
    const { data, id } = await client.first('error');
    expect([data['code'], data['path'], id]).toEqual(['invalid_message', 'id', undefined]);
    expect((await client.ask('ping')).type).toBe('pong');
  });
});

describe('codes that clients close with', () => {
  it('do not make series of metrics without end', async () => {
    await using app = await bareApp();
    for (const code of [1000, 3000, 3001, 3999, 4001, 4242, 4999]) {
      const client = await app.watch();
      client.socket.close(code);
      await client.closed();
    }
    await eventually(() => app.gateway.clients === 0);
    expect(Object.fromEntries(app.gateway.counters.closes)).toEqual({ 1000: 1, 4001: 1, other: 5 });
  });
});

describe('requests that are sent behind a stream on its connection', () => {
  it('get no streams of their own: the connection ends, and authorize is not asked about them', async () => {
    const asked = vi.fn(() => true);
    await using app = await bareApp({ authorize: asked });
    await using other = await app.read();
    const socket = connect(app.port, '127.0.0.1');
    const request = `GET /monitor/stream?format=ndjson HTTP/1.1\r\nHost: 127.0.0.1:${app.port}\r\n\r\n`;
    const first = received(socket, '"heartbeat"');
    socket.write(request);
    await first;
    expect(app.gateway.clients).toBe(2);
    const gone = new Promise((resolve) => socket.once('close', resolve));
    socket.write(request.repeat(300));
    await gone;
    await eventually(() => app.gateway.clients === 1);
    const together = connect(app.port, '127.0.0.1').on('error', () => {});
    const cut = new Promise((resolve) => together.once('close', resolve));
    together.write(request.repeat(300));
    await cut;
    await eventually(() => connections(app) === 1);
    expect(asked.mock.calls.length).toBeLessThanOrEqual(3);
    expect(app.gateway.clients).toBe(1);
    app.stream.publish({ message: 'still here' });
    await other.message('still here');
  });

  it('are answered when they come behind the answer, as a browser sends them', async () => {
    await using app = await bareApp({ authorize: basicAuth({ ann: 'secret' }) });
    const socket = connect(app.port, '127.0.0.1');
    const request = (more = ''): string =>
      `GET /monitor/stream HTTP/1.1\r\nHost: 127.0.0.1:${app.port}\r\n${more}\r\n`;
    for (let tries = 0; tries < 3; tries++) {
      const answer = received(socket, 'Unauthorized\n');
      socket.write(request());
      await answer;
    }
    const answer = received(socket, 'retry: 1000');
    socket.write(request(`Authorization: Basic ${Buffer.from('ann:secret').toString('base64')}\r\n`));
    expect(await answer).toContain('200 OK');
    socket.destroy();
  });
});

describe('what goes wrong while somebody is let in', () => {
  it('ends their connection, is told once, and does not end the process', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const logger = new RecordingLogger();
    let adapter: WitnessAdapter | undefined;
    try {
      await using app = await monitoredApp({ logger })
        .beforeInit((nest) => void (adapter = new WitnessAdapter(nest)))
        .start();
      await using watching = await app.watch();
      adapter!.onConnect = () => {
        throw new Error('boom');
      };
      for (let n = 0; n < 5; n++) {
        const client = await app.watchRaw();
        await client.gone;
      }
      adapter!.onConnect = undefined;
      app.stream.publish({ message: 'still here' });
      await watching.message('still here');
      await turns(3);
      expect(unhandled).not.toHaveBeenCalled();
      expect(logger.matching('boom')).toHaveLength(1);
    } finally {
      process.off('unhandledRejection', unhandled);
    }
  });

  it.each<[string, () => unknown]>([
    [
      'cannot be read',
      () =>
        Object.defineProperty(new Error(), 'message', {
          get: () => {
            throw new Error('boom');
          },
        }),
    ],
    [
      'is a proxy that throws',
      () =>
        new Proxy(new Error(), {
          getPrototypeOf: () => {
            throw new Error('boom');
          },
        }),
    ],
    ['is long, with lines and commands', () => new Error(`${'\u001b[2J\u009b\u202e\n'.repeat(10_000)}`)],
  ])('by an error of authorize that %s, refuses with one short line', async (_, error) => {
    const logger = new RecordingLogger();
    const authorize = (): never => {
      throw error();
    };
    await using app = await monitoredApp({ logger, authorize }).start();
    const lines = logger.lines.length;
    for (let n = 0; n < 5; n++) expect(await app.refusal()).toBe(401);
    const [line, ...others] = logger.lines.slice(lines);
    expect(others).toEqual([]);
    expect(line!.text.length).toBeLessThan(400);
    expect(line!.text).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  });
});

describe('an upgrade that nobody claims', () => {
  it('is ended, where the own adapter of the app has no gateways', async () => {
    const { IoAdapter } = await import('@nestjs/platform-socket.io');
    await using app = await monitoredApp()
      .webSocketAdapter((nest) => new IoAdapter(nest))
      .start();
    await using client = await app.watchRaw('/nowhere');
    expect(client.status).toBe(404);
    await client.gone;
    await using monitor = await app.watch();
    expect(monitor.texts).toEqual([]);
    // One that never ends its own half.
    const silent = connect({ port: app.port, host: '127.0.0.1', allowHalfOpen: true });
    silent.write('GET /nowhere HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
    await received(silent, '404');
    await eventually(() => connections(app) === 1);
    silent.destroy();
  });

  it('is left to a listener of the app', async () => {
    const { IoAdapter } = await import('@nestjs/platform-socket.io');
    await using app = await monitoredApp()
      .webSocketAdapter((nest) => new IoAdapter(nest))
      .start();
    app.httpServer.on('upgrade', ({ url }, socket) => {
      if (url === '/own') socket.end('HTTP/1.1 418 Own\r\n\r\n');
    });
    await using client = await app.watchRaw('/own');
    expect(client.status).toBe(418);
  });

  it('is ended by the ws adapter itself, where that serves gateways', async () => {
    await using app = await monitoredApp()
      .webSocketAdapter((nest) => new WsAdapter(nest))
      .with({ providers: [EchoGateway] })
      .start();
    await expect(app.watchRaw('/nowhere')).rejects.toThrow(/closed before it answered|ECONNRESET/);
  });
});

/** Everything that a socket receives from now on, until this is in it. */
function received(socket: Socket, text: string): Promise<string> {
  let all = '';
  return new Promise((resolve, reject) => {
    const read = (bytes: Buffer): void => {
      all += bytes.toString();
      if (!all.includes(text)) return;
      socket.off('data', read);
      resolve(all);
    };
    socket.on('data', read);
    socket.once('error', reject);
  });
}

/** Open connections of the server, upgraded ones as well. */
function connections({ httpServer }: MonitoredApp): number {
  return (httpServer as unknown as { _connections: number })._connections;
}
