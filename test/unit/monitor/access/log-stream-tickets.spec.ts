import fc from 'fast-check';
import { type Authorization, LogStreamTickets, type Principal } from 'nestjs-log-stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TICKET_KEY, ticketTtl } from '../../../../src/monitor/access/access.messages.js';
import { aRequest } from './a-request.js';

const KEY = 'k'.repeat(32);
const ANN: Principal = { id: 'ann', categories: ['audit'], filter: { level: 'ERROR' }, expiresAt: 5e12 };

const use = async (tickets: LogStreamTickets, ticket: string): Promise<Authorization> =>
  tickets.authorize(aRequest({}, `/ws/monitor?v=1&ticket=${ticket}`));

describe('a ticket', () => {
  let tickets: LogStreamTickets;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] });
    tickets = new LogStreamTickets();
  });

  afterEach(() => void vi.useRealTimers());

  it('lets watch as the principal for whom it was issued', async () => {
    expect(await use(tickets, tickets.issue(ANN))).toEqual(ANN);
    expect(await use(tickets, tickets.issue({ expiresAt: new Date(5e12) }))).toEqual({ expiresAt: 5e12 });
    expect(await use(tickets, tickets.issue({}))).toEqual({});
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
    expect(await use(tickets, ticket)).toBeUndefined();
    expect(await use(tickets, tickets.issue(ANN))).toEqual(ANN);
    vi.advanceTimersByTime(29_999);
    expect(await use(tickets, ticket)).toBeUndefined();
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
    expect((tickets as unknown as { used: Map<string, number> }).used.size).toBe(1);
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
    expect(() => new LogStreamTickets().issue({}, { ttl })).toThrow(new TypeError(ticketTtl(3_600_000)));
  });

  it('for a principal that is none, or too large', () => {
    const tickets = new LogStreamTickets();
    expect(() => tickets.issue({ categories: ['audits'] } as unknown as Principal)).toThrow('`categories`');
    const logger = Array.from({ length: 32 }, (_, i) => `${i}`.repeat(100));
    expect(() => tickets.issue({ filter: { logger } })).toThrow('too large');
  });

  it.each(['', 'short', Buffer.alloc(31), null, 32])('with the key %j', (key) => {
    expect(() => new LogStreamTickets({ key: key as string })).toThrow(new TypeError(TICKET_KEY));
  });
});
