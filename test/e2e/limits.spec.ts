import { anyOf, type Authorize, CLOSE_CODES, EXTENDED_CLOSE_CODES } from 'nestjs-log-stream';
import { connect } from 'node:net';
import { Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { bareApp } from '../harness/bare-app.js';
import { eventually } from '../harness/event-loop.js';
import { monitoredApp } from '../harness/monitored-app.js';
import { OwnTimers } from '../harness/own-timers.js';
import { RecordingLogger } from '../harness/recording-logger.js';

const HANDSHAKE =
  'GET /ws/monitor HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n';

describe('the limit of clients', () => {
  it('refuses one too many with 503, until one goes', async () => {
    const logger = new RecordingLogger();
    await using app = await monitoredApp({ logger, limits: { clients: 2 } }).start();
    await using _first = await app.watch();
    {
      await using _second = await app.watch();
      await using refused = await app.watchRaw();
      expect(refused.status).toBe(503);
      expect(refused.answer).toContain('Retry-After: 5');
      for (let i = 0; i < 20; i++) expect(await app.refusal()).toBe(503);
      expect(app.gateway.counters.refused).toBe(21);
      expect(logger.matching('limits.clients')).toHaveLength(1);
    }
    await eventually(() => app.gateway.clients === 1);
    await using third = await app.watch();
    app.stream.publish({ message: 'welcome' });
    await third.message('welcome');
  });

  it('refuses one too many of an address with 429', async () => {
    await using app = await bareApp({ limits: { clientsPerAddress: 1 } });
    await using _first = await app.watch();
    expect(await app.refusal()).toBe(429);
  });

  it('counts the requests that wait on one connection, and asks authorize for none beyond', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error): void => void warnings.push(warning);
    process.on('warning', note);
    const answers: ((admitted: boolean) => void)[] = [];
    const authorize: Authorize = anyOf(
      () => new Observable<boolean>((answered) => void answers.push((may) => answered.next(may))),
    );
    await using app = await bareApp({ authorize, limits: { clientsPerAddress: 20 } });
    const socket = connect({ port: app.port, host: '127.0.0.1' });
    let received = '';
    socket.on('data', (bytes) => (received += bytes.toString()));
    socket.write('GET /monitor HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n'.repeat(1_000));
    await eventually(() => answers.length === 20);
    expect(await app.refusal()).toBe(429);
    await eventually(() => app.gateway.counters.refused >= 20);
    expect(answers).toHaveLength(20);
    for (const answer of answers) answer(false);
    await eventually(() => received.split('HTTP/1.1 401').length > 1);
    await new Promise((resolve) => {
      socket.once('close', resolve);
      socket.destroy();
    });
    await eventually(() => (app.httpServer as unknown as { _connections: number })._connections === 0);
    process.off('warning', note);
    expect(warnings).toEqual([]);
    const again = app.refusal();
    await eventually(() => answers.length > 20);
    for (const answer of answers) answer(false);
    expect(await again).toBe(401);
  });

  it('counts those who are not decided about, and asks authorize for nobody beyond', async () => {
    let asked = 0;
    const answers: ((admitted: boolean) => void)[] = [];
    const authorize: Authorize = () => {
      asked += 1;
      return new Promise((resolve) => answers.push(resolve));
    };
    await using app = await bareApp({ authorize, limits: { clients: 2 } });
    const waiting = [app.watchRaw(), app.watchRaw()];
    await eventually(() => asked === 2);
    expect(await app.refusal()).toBe(503);
    expect(asked).toBe(2);
    for (const answer of answers.splice(0)) answer(false);
    for (const client of await Promise.all(waiting)) expect(client.status).toBe(401);
    const [one, other] = [app.watchRaw(), app.watchRaw()];
    await eventually(() => asked === 4);
    for (const answer of answers.splice(0)) answer(true);
    await using a = await one;
    await using b = await other;
    expect([a.status, b.status]).toEqual([101, 101]);
  });

  it('is not used up by an authorize that never answers, also when its client has vanished', async () => {
    let asked = 0;
    const logger = new RecordingLogger();
    await using app = await monitoredApp({
      logger,
      authorize: ({ url }) => {
        asked += 1;
        return url!.includes('now') || new Promise(() => {});
      },
      limits: { clients: 2, authorizeMs: 100 },
    }).start();
    const socket = connect(app.port, '127.0.0.1');
    socket.write(HANDSHAKE);
    await eventually(() => asked === 1);
    socket.destroy();
    await using patient = await app.watchRaw();
    expect(patient.status).toBe(503);
    await using _one = await app.watch('/ws/monitor?now');
    await using _other = await app.watch('/ws/monitor?now');
    expect(app.gateway.clients).toBe(2);
    expect(logger.matching('limits.authorizeMs')).toHaveLength(1);
  });

  it('leaves no timer and no waiting client at a shutdown', async () => {
    using timers = new OwnTimers();
    let asked = (): void => {};
    const wasAsked = new Promise<void>((resolve) => (asked = resolve));
    const app = await bareApp({ authorize: () => new Promise(() => asked()) });
    const client = app.watchRaw();
    await wasAsked;
    await app.close();
    expect((await client).status).toBe(503);
    await eventually(() => timers.waiting.length === 0);
  });
});

describe('the limits of messages', () => {
  it('are those of the option, and the client is told them', async () => {
    const limits = { messageBytes: 2_000, messages: { count: 3, windowMs: 3_600_000 } };
    await using app = await bareApp({ limits });
    await using client = await app.watchExtended();
    expect(client.frames[0]!.data['limits']).toMatchObject({
      message_bytes: 2_000,
      messages: 3,
      messages_window_ms: 3_600_000,
      history_records: 1_000,
    });
    const closed = client.closed();
    for (let i = 0; i < 4; i++) client.send({ event: 'ping' });
    expect(await closed).toEqual({
      code: EXTENDED_CLOSE_CODES.tooManyMessages,
      reason: 'More than 3 messages in 3600 s.',
    });
    expect(client.all('pong')).toHaveLength(3);
    const plain = await app.watch();
    const plainClosed = plain.closed();
    for (let i = 0; i < 4; i++) plain.socket.send('{}');
    expect((await plainClosed).code).toBe(CLOSE_CODES.policyViolation);
  });

  it('end a connection with a message that is too large', async () => {
    await using app = await bareApp({ limits: { messageBytes: 2_000 } });
    const client = await app.watch();
    client.socket.send('x'.repeat(2_000));
    await client.count(1);
    const closed = client.closed();
    client.socket.send('x'.repeat(2_001));
    expect((await closed).code).toBe(1009);
  });
});
