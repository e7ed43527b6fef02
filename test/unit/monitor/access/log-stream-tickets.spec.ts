import fc from 'fast-check';
import { type Authorization, LogStreamTickets, type Principal } from 'nestjs-log-stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TICKET_KEY, TICKET_REDEEM, ticketTtl } from '../../../../src/monitor/access/access.messages.js';
import { UsedTickets } from '../../../../src/monitor/access/used-tickets.js';
import { aRequest } from './a-request.js';

const KEY = 'k'.repeat(32);
const ANN: Principal = { id: 'ann', categories: ['audit'], filter: { level: 'ERROR' }, expiresAt: 5e12 };

const use = async (tickets: LogStreamTickets, ticket: string): Promise<Authorization> =>
  tickets.authorize(aRequest({}, `/ws/monitor?v=1&ticket=${ticket}`));

describe('a ticket', () => {
  let tickets: LogStreamTickets;

  let noted: UsedTickets;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] });
    noted = new UsedTickets();
    tickets = new LogStreamTickets({ redeem: noted.redeem });
  });

  afterEach(() => void vi.useRealTimers());

  it('lets watch as the principal for whom it was issued', async () => {
    expect(await use(tickets, tickets.issue(ANN))).toEqual(ANN);
    expect(await use(tickets, tickets.issue({ expiresAt: new Date(5e12) }))).toEqual({ expiresAt: 5e12 });
    expect(await use(tickets, tickets.issue({ filter: {} }))).toEqual({ filter: {} });
  });

  it('may come as a subprotocol', async () => {
    const ticket = tickets.issue(ANN);
    expect(ticket).toMatch(/^[\w.-]+$/);
    const headers = { 'sec-websocket-protocol': `log-stream, ticket.${ticket}` };
    expect(await tickets.authorize(aRequest(headers))).toEqual(ANN);
  });

  it('is used once', async () => {
    const ticket = tickets.issue(ANN);
    expect(await use(tickets, ticket)).toEqual(ANN);
    expect(await use(tickets, ticket)).toBe(false);
    expect(await use(tickets, tickets.issue(ANN))).toEqual(ANN);
    vi.advanceTimersByTime(29_999);
    expect(await use(tickets, ticket)).toBe(false);
    vi.advanceTimersByTime(1);
    expect(await use(tickets, ticket)).toBeUndefined();
  });

  it('lives for 30 s, or as long as it was given', async () => {
    const [short, long] = [tickets.issue(ANN), tickets.issue(ANN, { ttl: 60_000 })];
    const last = tickets.issue(ANN);
    vi.advanceTimersByTime(29_999);
    expect(await use(tickets, last)).toEqual(ANN);
    vi.advanceTimersByTime(1);
    expect(await use(tickets, short)).toBeUndefined();
    expect(await use(tickets, long)).toEqual(ANN);
  });

  it('is remembered no longer than it lives', async () => {
    for (let i = 0; i < 100; i++) await use(tickets, tickets.issue(ANN));
    vi.advanceTimersByTime(30_000);
    await use(tickets, tickets.issue(ANN));
    expect(noted.size).toBe(1);
  });

  it('is refused while more live than can be remembered, and none is forgotten for it', async () => {
    const few = new UsedTickets(3);
    tickets = new LogStreamTickets({ redeem: few.redeem });
    const [first, ...others] = Array.from({ length: 5 }, () => tickets.issue(ANN));
    expect(await use(tickets, first!)).toEqual(ANN);
    const answers = [];
    for (const ticket of others) answers.push(await use(tickets, ticket));
    expect(answers).toEqual([ANN, ANN, false, false]);
    expect(await use(tickets, first!)).toBe(false);
    expect(few.size).toBe(3);
    vi.advanceTimersByTime(30_000);
    expect(await use(tickets, tickets.issue(ANN))).toEqual(ANN);
    expect(few.size).toBe(1);
  });

  it('is used once in all processes that share a key and a store', async () => {
    const store = new Set<string>();
    const redeem = async (id: string, expiresAt: number): Promise<boolean> => {
      expect(expiresAt).toBe(Date.now() + 30_000);
      const first = !store.has(id);
      store.add(id);
      return first;
    };
    const [one, other] = [
      new LogStreamTickets({ key: KEY, redeem }),
      new LogStreamTickets({ key: KEY, redeem }),
    ];
    const ticket = one.issue(ANN);
    const answers = await Promise.all([use(one, ticket), use(other, ticket), use(one, ticket)]);
    expect(answers).toEqual([ANN, false, false]);
    expect([...store][0]).toMatch(/^[\w-]+$/);
  });

  it.each<[string, unknown]>([
    ['answers neither', 1],
    ['promises neither', Promise.resolve('OK')],
    ['promises nothing', Promise.resolve(undefined)],
    ['says no', false],
  ])('lets nobody in when the store %s', async (_, answer) => {
    tickets = new LogStreamTickets({ redeem: () => answer as boolean });
    expect(await use(tickets, tickets.issue(ANN))).toBe(false);
  });

  it('lets nobody in when the store fails', async () => {
    tickets = new LogStreamTickets({ redeem: () => Promise.reject(new Error('store away')) });
    await expect(use(tickets, tickets.issue(ANN))).rejects.toThrow('store away');
  });

  it('does not ask the store about what is no ticket, or whose time is up', async () => {
    const redeem = vi.fn(() => true);
    tickets = new LogStreamTickets({ redeem });
    const late = tickets.issue(ANN);
    vi.advanceTimersByTime(30_000);
    for (const text of [late, `${late}x`, 'x.y', '']) expect(await use(tickets, text)).toBeUndefined();
    expect(redeem).not.toHaveBeenCalled();
  });

  it('is taken by whoever has the key, and by nobody else', async () => {
    const ticket = new LogStreamTickets({ key: KEY }).issue(ANN);
    expect(await use(tickets, ticket)).toBeUndefined();
    expect(await use(new LogStreamTickets({ key: `${KEY}.` }), ticket)).toBeUndefined();
    expect(await use(new LogStreamTickets({ key: Buffer.from(KEY) }), ticket)).toEqual(ANN);
  });

  it('cannot be made to say something else', async () => {
    const [, signature] = tickets.issue({ id: 'bob', categories: ['system'] }).split('.');
    const [body] = tickets.issue(ANN).split('.');
    const payload = { nonce: 'n', until: Date.now() + 1_000, principal: {} };
    const own = Buffer.from(JSON.stringify(payload)).toString('base64url');
    for (const forged of [
      `${body}.${signature}`,
      `${own}.${signature}`,
      `${own}.`,
      own,
      `${own}.AAAA`,
      '.',
      '',
    ]) {
      expect(await use(tickets, forged)).toBeUndefined();
    }
  });

  it('is worth nothing with any of its characters changed, and does no harm', () => {
    const ticket = tickets.issue(ANN);
    const place = fc.nat({ max: ticket.length - 1 });
    fc.assert(
      fc.property(place, fc.constantFrom(...'Aa0-_.%&= é\0'), (at, character) => {
        const changed = `${ticket.slice(0, at)}${character}${ticket.slice(at + 1)}`;
        fc.pre(changed.split('.')[0] !== ticket.split('.')[0]);
        expect(
          tickets.authorize(aRequest({ 'sec-websocket-protocol': `ticket.${changed}` })),
        ).toBeUndefined();
      }),
    );
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), fc.string({ minLength: 10_000 })), (text) => {
        expect(tickets.authorize(aRequest({}, `/?ticket=${encodeURIComponent(text)}`))).toBeUndefined();
      }),
    );
  });

  it('is not there: nobody', async () => {
    for (const url of ['', '/', '/?tickets=x', '/?ticket']) {
      expect(await tickets.authorize(aRequest({}, url))).toBeUndefined();
    }
  });
});

describe('a ticket is not issued', () => {
  it.each([0, -1, 1.5, 3_600_001, Number.NaN])('for %d ms', (ttl) => {
    expect(() => new LogStreamTickets().issue(ANN, { ttl })).toThrow(new TypeError(ticketTtl(3_600_000)));
  });

  it('for a principal that is none, or too large', () => {
    const tickets = new LogStreamTickets();
    expect(() => tickets.issue({ categories: ['audits'] } as unknown as Principal)).toThrow('`categories`');
    for (const none of [{}, true, 'ann', undefined, { id: 'ann', roles: [] }]) {
      expect(() => tickets.issue(none as Principal)).toThrow(TypeError);
    }
    const logger = Array.from({ length: 32 }, (_, i) => `${i}`.repeat(100));
    expect(() => tickets.issue({ filter: { logger } })).toThrow('too large');
  });

  it('with a store that is none', () => {
    expect(() => new LogStreamTickets({ redeem: {} as never })).toThrow(new TypeError(TICKET_REDEEM));
  });

  it.each(['', 'short', Buffer.alloc(31), null, 32])('with the key %j', (key) => {
    expect(() => new LogStreamTickets({ key: key as string })).toThrow(new TypeError(TICKET_KEY));
  });
});
