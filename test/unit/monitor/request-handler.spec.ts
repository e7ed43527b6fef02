import { describe, expect, it } from 'vitest';
import { type Farewell, sentTooMuch } from '../../../src/monitor/session/farewell.js';
import { MonitorCounters } from '../../../src/monitor/monitor-counters.js';
import { type MonitorContext } from '../../../src/monitor/session/monitor-context.js';
import { RecordText } from '../../../src/monitor/protocol/record-text.js';
import { RequestHandler } from '../../../src/monitor/socket/request-handler.js';
import { type WebSocketSession } from '../../../src/monitor/socket/web-socket-session.js';
import { type FilterSpec } from '../../../src/wire/filter/filter-spec.js';
import { HIGH_WATER_MARK } from '../../../src/subscription/outlet.js';
import { logStream } from '../subscription/fakes.js';

const LIMITS = { messages: { count: 50, windowMs: 10_000 } };
const TOO_MANY_MESSAGES = sentTooMuch(LIMITS.messages);

/** As much of a session as a request touches; says in order what it was told. */
class FakeSession {
  readonly told: unknown[] = [];
  readonly farewells: Farewell[] = [];
  readonly filters: readonly FilterSpec[] = [{}];
  readonly cursor = 'here';
  backlog = 0;
  closing = false;

  constructor(public extended: boolean) {}

  extend(id: object): void {
    this.extended = true;
    this.told.push(['extend', id]);
  }

  send(message: unknown): void {
    this.told.push(message);
  }

  sendText(json: string): void {
    this.told.push(JSON.parse(json));
  }

  readonly watcher = {
    pause: (): void => void this.told.push('pause'),
    resume: (): void => void this.told.push('resume'),
  };

  subscribe(filter: FilterSpec, replay: unknown, begins: (cursor: string) => void): void {
    begins(replay ? 'there' : this.cursor);
    this.told.push(['subscribe', filter, replay]);
  }

  close(farewell: Farewell): void {
    this.closing = true;
    this.farewells.push(farewell);
  }
}

function handling({ extended = true } = {}) {
  const session = new FakeSession(extended);
  const counters = new MonitorCounters();
  const stream = logStream();
  const context = { source: stream, counters, text: new RecordText(), limits: LIMITS };
  const handler = new RequestHandler(
    session as unknown as WebSocketSession,
    context as unknown as MonitorContext,
  );
  const receive = (text: string): void => handler.receive(Buffer.from(text), false);
  const ask = (event: string, data?: unknown, id?: unknown): void =>
    receive(JSON.stringify({ event, data, id }));
  return { session, counters, stream, handler, receive, ask };
}

describe('what a client sends is answered', () => {
  it.each([
    ['no JSON', '{', 'invalid_json', {}],
    ['no message', '[]', 'invalid_message', {}],
    ['an unknown event', '{"event":"launch","id":7}', 'unknown_event', { id: 7 }],
    ['a wrong filter', '{"event":"subscribe","data":{"filter":1},"id":"a"}', 'invalid_filter', { id: 'a' }],
  ])('with an error: %s', (_, text, code, id) => {
    const { session, counters, receive } = handling();
    receive(text);
    expect(session.told).toEqual([
      { type: 'error', ...id, data: expect.objectContaining({ code, message: expect.any(String) }) },
    ]);
    expect([...counters.errors]).toEqual([[code, 1]]);
  });

  it('with an error when it is binary, whatever it says', () => {
    const { session, handler } = handling();
    handler.receive(Buffer.from('{"event":"ping"}'), true);
    expect(session.told).toMatchObject([{ type: 'error', data: { code: 'binary_message' } }]);
  });

  it.each(['abc', '', 7, 0, -1.5])('with its id %j', (id) => {
    const { session, ask } = handling();
    for (const event of ['x', 'ping', 'pause']) ask(event, undefined, id);
    for (const answer of session.told.filter((told) => typeof told === 'object'))
      expect(answer).toHaveProperty('id', id);
    expect(session.told).toHaveLength(4);
  });

  it.each([[null], [{}], [[1]], [true]])('without an id when that is %j', (id) => {
    const { session, ask } = handling();
    ask('x', undefined, id);
    ask('ping', undefined, id);
    for (const answer of session.told) expect(answer).not.toHaveProperty('id');
  });

  it('however its bytes came', () => {
    const { session, handler } = handling();
    const bytes = Buffer.from('{"event":"ping","id":"é"}');
    const { buffer, byteOffset } = bytes;
    handler.receive(bytes, false);
    handler.receive([bytes.subarray(0, 22), bytes.subarray(22)], false);
    handler.receive(buffer.slice(byteOffset, byteOffset + bytes.length) as ArrayBuffer, false);
    expect(session.told).toHaveLength(3);
    for (const answer of session.told) expect(answer).toEqual({ type: 'pong', id: 'é', data: {} });
  });

  it('by a plain client with nothing but the way to more, and changes nothing', () => {
    const { session, ask } = handling({ extended: false });
    for (const event of ['ping', 'pause', 'resume', 'subscribe']) ask(event);
    ask('history', { from: 1 });
    expect(session.told).toHaveLength(5);
    for (const answer of session.told)
      expect(answer).toMatchObject({ type: 'error', data: { code: 'hello_required', path: 'event' } });
  });

  it('after the hello of a plain client', () => {
    const { session, ask } = handling({ extended: false });
    ask('hello', { v: 1 }, 'a');
    ask('ping');
    expect(session.told).toEqual([['extend', { id: 'a' }], { type: 'pong', data: {} }]);
  });
});

describe('the answer to a request', () => {
  const reply = (data: object, id = 1): object => ({ type: 'reply', id, data });

  it('comes behind a pause and before a resume: that is where the records stand', () => {
    const { session, ask } = handling();
    ask('pause', undefined, 1);
    ask('resume', undefined, 2);
    expect(session.told).toEqual([
      'pause',
      reply({ cursor: 'here' }),
      reply({ cursor: 'here' }, 2),
      'resume',
    ]);
  });

  it('comes before the records of the new filter', () => {
    const { session, ask } = handling();
    ask('subscribe', { filter: { level: 'ERROR' }, replay: { last: 3 } }, 1);
    expect(session.told).toEqual([
      reply({ filter: { level: 'ERROR' }, cursor: 'there' }),
      ['subscribe', { level: 'ERROR' }, { last: 3 }],
    ]);
  });

  it('brings records of the history', () => {
    const { session, stream, ask } = handling();
    stream.publish({ message: 'one' });
    stream.publish({ message: 'two' });
    ask('history', { from: 2 }, 1);
    expect(session.told).toEqual([
      reply({
        records: [expect.objectContaining({ seq: 2, data: expect.objectContaining({ message: 'two' }) })],
        missing: 0,
      }),
    ]);
  });
});

describe('a client that does not read', () => {
  it('is given no history on top, but small answers', () => {
    const { session, ask } = handling();
    session.backlog = HIGH_WATER_MARK + 1;
    ask('history', { from: 1 }, 1);
    ask('ping');
    expect(session.told).toMatchObject([
      { type: 'error', id: 1, data: { code: 'too_slow' } },
      { type: 'pong' },
    ]);
    session.backlog = HIGH_WATER_MARK;
    ask('history', { from: 1 }, 2);
    expect(session.told.at(-1)).toMatchObject({ type: 'reply', id: 2 });
  });
});

describe('the limit of messages', () => {
  it('ends the connection with one message too many, which is not read', () => {
    const { session, ask } = handling();
    for (let i = 0; i < 50; i++) ask('ping');
    expect(session.farewells).toEqual([]);
    ask('ping');
    expect(session.told).toHaveLength(50);
    expect(session.farewells).toEqual([TOO_MANY_MESSAGES]);
  });

  it('says goodbye once, and reads nothing behind that, whatever was on its way', () => {
    const { session, counters, receive, ask } = handling();
    for (let i = 0; i < 200; i++) ask('ping');
    receive('{');
    expect(session.told).toHaveLength(50);
    expect(session.farewells).toHaveLength(1);
    expect(counters.errors.size).toBe(0);
  });

  it('counts what is malformed and what is binary too', () => {
    const { session, handler, receive, ask } = handling();
    for (let i = 0; i < 25; i++) {
      receive('{');
      handler.receive(Buffer.from('{'), true);
    }
    ask('ping');
    expect(session.farewells).toEqual([TOO_MANY_MESSAGES]);
  });
});
