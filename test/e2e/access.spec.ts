import { Controller, ForbiddenException, Inject, Post } from '@nestjs/common';
import {
  anyOf,
  type Authorize,
  bearerToken,
  CLOSE_CODES,
  EXTENDED_CLOSE_CODES,
  LogStreamModule,
  LogStreamTickets,
  type Principal,
} from 'nestjs-log-stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { EXPIRED, REVOKED } from '../../src/monitor/session/farewell.js';
import { bareApp } from '../harness/bare-app.js';
import { eventually } from '../harness/event-loop.js';
import { monitoredApp } from '../harness/monitored-app.js';
import { OwnTimers } from '../harness/own-timers.js';
import { produce } from '../harness/produce.js';
import { RecordingLogger } from '../harness/recording-logger.js';

/** Everybody is who they say they are in the URL. */
const saying =
  (principals: Record<string, Principal>): Authorize =>
  ({ url }) =>
    principals[new URL(url!, 'http://x').searchParams.get('who') ?? ''];

describe('a principal', () => {
  const principals = {
    auditor: { categories: ['audit'] },
    support: { filter: { where: { kind: '1' } } },
    both: { categories: ['system'], filter: { level: 'ERROR' } },
  } satisfies Record<string, Principal>;

  it('sees its categories and what its filter lets through, live, in replays and in answers', async () => {
    await using app = await bareApp({ authorize: saying(principals) });
    await produce(app, 1, 11);
    const numbers = async (who: string): Promise<[unknown[], unknown, unknown[]]> => {
      await using client = await app.watchExtended(`who=${who}&replay=3`);
      await client.first('caught_up');
      const { data } = await client.ask('history', { from: 1 });
      const answered = data['records'] as { data: { message: string } }[];
      const hello = client.all('hello')[0]!.data;
      expect(hello['filter']).toEqual({});
      return [client.messages.map(Number), hello['sees'], answered.map((item) => Number(item.data.message))];
    };
    expect(await numbers('auditor')).toEqual([[5, 10], ['audit'], [5, 10]]);
    expect(await numbers('support')).toEqual([
      [4, 7, 10],
      ['system', 'audit'],
      [1, 4, 7, 10],
    ]);
    expect(await numbers('both')).toEqual([[7], ['system'], [7]]);
    await using client = await app.watchExtended('who=auditor');
    await produce(app, 11, 21);
    await client.message('20');
    expect(client.messages).toEqual(['15', '20']);
  });

  it('cannot widen what it sees by a filter of its own', async () => {
    await using app = await bareApp({ authorize: saying(principals) });
    await using client = await app.watchExtended('who=auditor&category=system');
    await client.ask('subscribe', { filter: { category: 'system' } });
    await produce(app, 1, 30);
    await client.ask('subscribe', { filter: { not: { category: 'audit' } }, replay: { last: 100 } });
    await client.first('caught_up');
    expect(client.items).toEqual([]);
    await client.ask('subscribe', { filter: { level: 'ERROR' }, replay: { last: 100 } });
    await client.nth('caught_up', 2);
    expect(client.messages).toEqual([]);
    await client.ask('subscribe', { filter: {}, replay: { last: 100 } });
    await client.message('25');
    expect(client.messages).toEqual(['5', '10', '15', '20', '25']);
  });

  it('is told no rates of what it may not see; one without restrictions is', async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] });
    try {
      await using app = await bareApp({ authorize: saying({ ...principals, all: { id: 'all' } }) });
      await using restricted = await app.watchExtended('who=support');
      await using all = await app.watchExtended('who=all');
      vi.advanceTimersByTime(5_000);
      const { data } = await restricted.first('stats');
      expect(Object.keys(data)).toEqual(['cursor', 'lag', 'delivered', 'filtered', 'dropped']);
      expect((await all.first('stats')).data).toHaveProperty('rates.CRITICAL', 0);
    } finally {
      vi.useRealTimers();
    }
  });

  it.each<[string, () => unknown, number]>([
    ['that may see nothing', () => ({ id: 'ann', categories: [] }), 403],
    ['that is forbidden', () => Promise.reject(new ForbiddenException()), 403],
    ['whose time is up', () => ({ expiresAt: Date.now() - 1 }), 401],
    ['whose time is in seconds', () => ({ expiresAt: Math.floor(Date.now() / 1000) + 3_600 }), 401],
    ['with a filter that is none', () => ({ filter: { levels: 'ERROR' } }), 401],
    ['with a misspelled restriction', () => ({ category: ['audit'] }), 401],
  ])('%s is refused', async (_, authorize, status) => {
    const logger = new RecordingLogger();
    await using app = await monitoredApp({ logger, authorize: authorize as Authorize }).start();
    expect(await app.refusal()).toBe(status);
    expect(app.gateway.clients).toBe(0);
    expect(app.gateway.counters.refused).toBe(1);
    expect(logger.matching('Refused to let somebody watch')).toHaveLength(1);
  });

  it('that came past the verifier is not let in', async () => {
    await using app = await bareApp();
    const stranger = { terminate: vi.fn<() => void>() };
    app.gateway.handleConnection(stranger);
    expect(stranger.terminate).toHaveBeenCalledTimes(1);
    expect(app.gateway.clients).toBe(0);
  });
});

describe('a permission', () => {
  afterEach(() => void vi.useRealTimers());

  it('ends at its time, with a code, and not before', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    const authorize: Authorize = () => ({ expiresAt: new Date(Date.now() + 60_000) });
    await using app = await bareApp({ authorize });
    const [plain, extended] = [await app.watch(), await app.watchExtended()];
    const closes = [plain.closed(), extended.closed()];
    vi.advanceTimersByTime(59_999);
    expect((await extended.ask('ping')).type).toBe('pong');
    vi.advanceTimersByTime(1);
    app.stream.publish({ message: 'too late' });
    expect(await Promise.all(closes)).toEqual([
      { code: CLOSE_CODES.policyViolation, reason: EXPIRED.reason },
      { code: EXTENDED_CLOSE_CODES.expired, reason: EXPIRED.reason },
    ]);
    expect(extended.all('closing')[0]!.data).toMatchObject({ code: 4501, reconnect: false });
    expect(plain.texts).toEqual([]);
    vi.useRealTimers();
    await eventually(() => app.gateway.clients === 0);
  });

  it('leaves no timer behind when its client goes', async () => {
    await using app = await bareApp({ authorize: () => ({ expiresAt: Date.now() + 3_600_000 }) });
    using timers = new OwnTimers();
    {
      await using _client = await app.watch();
      expect(timers.waiting.filter((stack) => stack.includes('expiries'))).toHaveLength(1);
    }
    await eventually(() => app.gateway.clients === 0);
    await eventually(() => timers.waiting.filter((stack) => stack.includes('expiries')).length === 0);
  });

  it('can be withdrawn: all connections of the principal end, no others', async () => {
    const authorize = saying({ ann: { id: 'ann' }, bob: { id: 'bob' } });
    await using app = await bareApp({ authorize });
    await using bob = await app.watchExtended('who=bob');
    const plain = await app.watch('/ws/monitor?who=ann');
    const extended = await app.watchExtended('who=ann');
    const closes = [plain.closed(), extended.closed()];
    expect(app.gateway.revoke('ann')).toBe(2);
    expect(app.gateway.revoke('ann')).toBe(0);
    expect(app.gateway.revoke('nobody')).toBe(0);
    expect(await Promise.all(closes)).toEqual([
      { code: CLOSE_CODES.policyViolation, reason: REVOKED.reason },
      { code: EXTENDED_CLOSE_CODES.revoked, reason: REVOKED.reason },
    ]);
    expect((await bob.ask('ping')).type).toBe('pong');
    await using again = await app.watchExtended('who=ann');
    expect(again.open).toBe(true);
  });

  it('that is withdrawn while authorize looks it up lets nobody in', async () => {
    let asked = (): void => {};
    const wasAsked = new Promise<void>((resolve) => (asked = resolve));
    let answer = (_principal: Principal): void => {};
    const authorize: Authorize = () => {
      asked();
      return new Promise((resolve) => (answer = resolve));
    };
    await using app = await bareApp({ authorize });
    const refusal = app.refusal();
    await wasAsked;
    expect(app.gateway.revoke('ann')).toBe(0);
    answer({ id: 'ann' });
    expect(await refusal).toBe(401);
  });
});

describe('a page', () => {
  const connect = (url: string, protocols: string[]): Promise<WebSocket> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(url, protocols);
      socket.once('open', () => resolve(socket));
      socket.once('error', reject);
    });

  it('brings a token as a subprotocol, which is never echoed', async () => {
    await using app = await bareApp({ authorize: bearerToken('s3cret') });
    const socket = await connect(app.url(), ['bearer.s3cret', 'log-stream']);
    expect(socket.protocol).toBe('log-stream');
    socket.terminate();
    await using raw = await app.watchRaw('/ws/monitor', { 'Sec-WebSocket-Protocol': 'bearer.s3cret' });
    expect(raw.status).toBe(101);
    expect(raw.answer).not.toMatch(/s3cret|Sec-WebSocket-Protocol/i);
    await expect(connect(app.url(), ['log-stream', 'bearer.wrong'])).rejects.toThrow('401');
  });

  it('fetches a ticket over the own HTTP of the app, and uses it once', async () => {
    @Controller('tickets')
    class Tickets {
      constructor(@Inject(LogStreamTickets) private readonly tickets: LogStreamTickets) {}

      @Post()
      issue(): string {
        return this.tickets.issue({ id: 'ann', categories: ['audit'] });
      }
    }
    const module = LogStreamModule.forRootAsync({
      inject: [LogStreamTickets],
      useFactory: (tickets: LogStreamTickets) => ({
        logger: false,
        authorize: anyOf(tickets.authorize, bearerToken('s3cret')),
      }),
    });
    await using app = await monitoredApp()
      .importing(module)
      .with({ controllers: [Tickets] })
      .start();
    const fetchTicket = async (): Promise<string> =>
      (await app.request('/tickets', { method: 'POST' })).text();

    const ticket = await fetchTicket();
    await using client = await app.watchExtended(`ticket=${ticket}`);
    expect(client.frames[0]!.data['sees']).toEqual(['audit']);
    expect(await app.refusal({}, `/ws/monitor?ticket=${ticket}`)).toBe(401);

    const socket = await connect(app.url(), ['log-stream', `ticket.${await fetchTicket()}`]);
    expect(socket.protocol).toBe('log-stream');
    socket.terminate();

    await using other = await app.watchExtended('', { headers: { Authorization: 'Bearer s3cret' } });
    expect(other.frames[0]!.data['sees']).toEqual(['system', 'audit']);
    expect(app.gateway.revoke('ann')).toBeGreaterThan(0);
  });

  it('uses tickets of an own key, also without a factory', async () => {
    const key = 'k'.repeat(32);
    const tickets = new LogStreamTickets({ key });
    const module = LogStreamModule.forRoot({ logger: false, tickets, authorize: tickets.authorize });
    await using app = await monitoredApp().importing(module).start();
    expect(app.get(LogStreamTickets)).toBe(tickets);
    const ticket = new LogStreamTickets({ key }).issue({ id: 'ann' });
    await using _client = await app.watch(`/ws/monitor?ticket=${ticket}`);
    expect(app.gateway.clients).toBe(1);
  });
});
