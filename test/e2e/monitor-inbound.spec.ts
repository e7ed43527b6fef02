import { CLOSE_CODES } from 'nestjs-log-stream';
import { describe, expect, it } from 'vitest';
import { eventually, turns } from '../harness/event-loop.js';
import { clientFrame, OPCODES } from '../harness/frames.js';
import { type MonitorClient } from '../harness/monitor-client.js';
import { type MonitoredApp, monitoredApp } from '../harness/monitored-app.js';
import { RecordingLogger } from '../harness/recording-logger.js';

/** An app whose log lines are kept, with a client that must not be touched by what another does. */
async function scene(): Promise<{
  app: MonitoredApp;
  bystander: MonitorClient;
  logged: () => unknown[];
  unharmed: () => Promise<void>;
}> {
  const logger = new RecordingLogger();
  const app = await monitoredApp({ logger }).start();
  const bystander = await app.watch();
  const before = logger.lines.length;
  return {
    app,
    bystander,
    logged: () => logger.lines.slice(before),
    unharmed: async () => {
      app.stream.publish({ message: 'still here' });
      await bystander.message('still here');
      expect(bystander.texts).toHaveLength(1);
    },
  };
}

describe('a message of a client', () => {
  it.each<[string, string | Buffer, object]>([
    ['malformed JSON', '{"event":', { data: { code: 'invalid_json' } }],
    ['an empty text', '', { data: { code: 'invalid_json' } }],
    ['a binary message', Buffer.from('{"event":"x"}'), { data: { code: 'binary_message' } }],
    ['an array', '[1,2]', { data: { code: 'invalid_message' } }],
    ['null', 'null', { data: { code: 'invalid_message' } }],
    ['an object without event', '{"id":"q1"}', { data: { code: 'invalid_message' } }],
    ['an unknown event', '{"event":"launch","id":"q1"}', { data: { code: 'unknown_event' }, id: 'q1' }],
    ['an unknown event with a number', '{"event":"x","id":7}', { data: { code: 'unknown_event' }, id: 7 }],
    ['an event named as a method', '{"event":"__proto__"}', { data: { code: 'unknown_event' } }],
  ])('that is %s is answered with a coded error, and logs nothing', async (_, message, expected) => {
    const { app, logged, unharmed, bystander } = await scene();
    await using _app = app;
    await using _bystander = bystander;
    await using client = await app.watch();
    client.socket.send(message);
    const [answer] = await client.count(1);
    expect(answer).toMatchObject({ type: 'error', ...expected });
    expect(answer!.data['message']).toEqual(expect.stringMatching(/\w/));
    await unharmed();
    await client.message('still here');
    expect(logged()).toEqual([]);
  });

  it('that comes in fragments is one message', async () => {
    await using app = await monitoredApp().start();
    await using client = await app.watch();
    client.socket.send('{"event":', { fin: false });
    client.socket.send('"x","id":1}', { fin: true });
    const [answer] = await client.count(1);
    expect(answer).toMatchObject({ type: 'error', id: 1 });
  });

  it('is answered between two records, each in a frame of its own', async () => {
    await using app = await monitoredApp().start();
    await using client = await app.watch();
    for (let i = 0; i < 20; i++) {
      client.socket.send(JSON.stringify({ event: 'x', id: i }));
      app.stream.publish({ message: `m${i}` });
    }
    await client.count(40);
    const answers = client.frames.filter(({ type }) => type === 'error');
    expect(answers.map((answer) => (answer as unknown as { id: number }).id)).toEqual(
      Array.from({ length: 20 }, (_, i) => i),
    );
    const records = client.frames.filter(({ type }) => type === 'system_log');
    expect(records.map(({ data }) => data['message'])).toEqual(Array.from({ length: 20 }, (_, i) => `m${i}`));
  });

  it('of 64 KiB is read, and a larger one ends the connection with 1009', async () => {
    const { app, logged, unharmed, bystander } = await scene();
    await using _app = app;
    await using _bystander = bystander;
    const client = await app.watch();
    const event = (bytes: number): string => `{"event":"${'x'.repeat(bytes - 12)}"}`;
    expect(event(65_536)).toHaveLength(65_536);
    client.socket.send(event(65_536));
    expect((await client.count(1))[0]!.data).toMatchObject({ code: 'unknown_event' });
    const closed = client.closed();
    client.socket.send(event(65_537));
    expect((await closed).code).toBe(1009);
    await eventually(() => app.gateway.clients === 1);
    await unharmed();
    expect(logged()).toEqual([]);
  });

  it('is one too many after 50 in ten seconds: the connection ends with 1008', async () => {
    const { app, logged, unharmed, bystander } = await scene();
    await using _app = app;
    await using _bystander = bystander;
    const client = await app.watch();
    const closed = client.closed();
    for (let i = 0; i < 500; i++) client.socket.send('{"event":"x"}');
    expect(await closed).toEqual({
      code: CLOSE_CODES.policyViolation,
      reason: 'More than 50 messages in 10 s.',
    });
    expect(client.texts).toHaveLength(50);
    await eventually(() => app.gateway.clients === 1);
    await unharmed();
    expect(logged()).toEqual([]);
  });

  it('does not hurt when its sender is gone before the answer', async () => {
    const { app, logged, unharmed, bystander } = await scene();
    await using _app = app;
    await using _bystander = bystander;
    const client = await app.watchRaw();
    for (let i = 0; i < 40; i++) client.write(clientFrame(OPCODES.text, '{"event":"x"}'));
    client.socket.destroySoon();
    await eventually(() => app.gateway.clients === 1);
    await unharmed();
    expect(logged()).toEqual([]);
  });
});

describe('a frame that breaks the protocol', () => {
  it.each<[string, Buffer, number]>([
    ['is not masked', Buffer.from('8105', 'hex'), 1002],
    ['has a reserved bit', clientFrame(OPCODES.text, 'hello', 0xc1), 1002],
    ['has a reserved opcode', clientFrame(3, 'hello'), 1002],
    ['continues nothing', clientFrame(0, 'hello'), 1002],
    ['is a fragmented ping', clientFrame(OPCODES.ping, 'x', 0x09), 1002],
    ['is a ping of more than 125 bytes', clientFrame(OPCODES.ping, 'x'.repeat(126)), 1002],
    ['is not UTF-8', clientFrame(OPCODES.text, Buffer.from([0xff, 0xfe])), 1007],
    ['is a close with a code that is none', clientFrame(OPCODES.close, Buffer.from([0, 1])), 1002],
    ['says to be of 8 EiB', Buffer.from('81ff7fffffffffffffff00000000', 'hex'), 1009],
  ])('ends its own connection and logs nothing, when it %s', async (_, frame, code) => {
    const { app, logged, unharmed, bystander } = await scene();
    await using _app = app;
    await using _bystander = bystander;
    await using client = await app.watchRaw();
    client.write(frame);
    await client.until(() => client.closeCode !== undefined);
    expect(client.closeCode).toBe(code);
    client.socket.end();
    await client.gone;
    await eventually(() => app.gateway.clients === 1);
    await unharmed();
    await turns(2);
    expect(logged()).toEqual([]);
  });
});

describe('an extended client that breaks a rule', () => {
  it.each<[string, Buffer, number]>([
    ['of the protocol', clientFrame(3, 'hello'), 1002],
    ['of texts', clientFrame(OPCODES.text, Buffer.from([0xff, 0xfe])), 1007],
    [
      'on fragments',
      Buffer.concat([
        clientFrame(OPCODES.text, '', OPCODES.text),
        ...Array.from({ length: 1_100 }, () => clientFrame(0, '', 0)),
      ]),
      1008,
    ],
    ['on sizes', Buffer.from('81ff7fffffffffffffff00000000', 'hex'), 1009],
  ])('%s is told so before it is closed', async (_, frame, code) => {
    await using app = await monitoredApp().start();
    await using client = await app.watchRaw('/ws/monitor?v=1');
    client.write(frame);
    await client.until(() => client.closeCode !== undefined);
    expect(client.closeCode).toBe(code);
    expect(JSON.parse(client.texts.at(-1)!)).toEqual({
      type: 'closing',
      data: { code, reason: expect.any(String), reconnect: false, after_ms: 0 },
    });
    expect(app.gateway.counters.closings.get(code)).toBe(1);
  });
});

describe('a ping of a client', () => {
  it('is answered, with its payload', async () => {
    await using app = await monitoredApp().start();
    await using client = await app.watchRaw();
    client.write(clientFrame(OPCODES.ping, 'are you there'));
    await client.until(() => client.frames.length === 1);
    expect(client.frames[0]).toMatchObject({ opcode: OPCODES.pong });
    expect(String(client.frames[0]!.payload)).toBe('are you there');
  });
});
