import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type IncomingMessage } from 'node:http';
import { type Principal } from '../../wire/principal.js';
import { type Authorizer } from './authorizer.js';
import { TICKET_KEY, TICKET_REDEEM, ticketTooLong, ticketTtl } from './access.messages.js';
import { checkPrincipal } from './read-principal.js';
import { subprotocolCredential } from './subprotocol.js';
import { type RedeemTicket, UsedTickets } from './used-tickets.js';

/** Life of a ticket, in milliseconds: a page fetches one and connects at once. */
const DEFAULT_TTL_MS = 30_000;
const LONGEST_TTL_MS = 3_600_000;

/** Most characters of a ticket: it stands in a URL or a header, which servers and proxies bound. */
const LONGEST_TICKET = 4_096;

/** How {@link LogStreamTickets} signs. */
export interface LogStreamTicketsOptions {
  /**
   * Key of the signature, at least 32 bytes. Needed only where one process issues the tickets of another; see
   * {@link redeem}.
   * @default random, new with every start
   */
  readonly key?: string | Uint8Array;
  /**
   * Where used tickets are noted. With a `key` that several processes share, or that outlives a restart, each process
   * would take a ticket once; a store that they share makes it once in all.
   * @default the memory of this process, 50,000 at a time; one more is refused
   */
  readonly redeem?: RedeemTicket;
}

/** Of one ticket. */
export interface TicketOptions {
  /**
   * Milliseconds in which the ticket must be used.
   * @default 30_000
   */
  readonly ttl?: number;
}

interface Payload {
  readonly nonce: string;
  readonly until: number;
  readonly principal: Principal & { readonly expiresAt?: number };
}

/**
 * Tickets to watch, for pages: the page fetches one over the application's own, authenticated HTTP and connects
 * with `?ticket=<ticket>`, or offers the subprotocols `log-stream` and `ticket.<ticket>`.
 *
 * A ticket is used once and soon, so one that is found in the log of a proxy is worth nothing. It is signed, not
 * encrypted: the page can read what it says of the principal.
 *
 * @publicApi
 */
export class LogStreamTickets {
  private readonly key: Uint8Array;
  private readonly redeem: RedeemTicket;

  /** @throws TypeError when the key is too short to be one, or `redeem` is no function */
  constructor({ key = randomBytes(32), redeem = new UsedTickets().redeem }: LogStreamTicketsOptions = {}) {
    if (typeof redeem !== 'function') throw new TypeError(TICKET_REDEEM);
    this.redeem = redeem;
    this.key = typeof key === 'string' ? Buffer.from(key) : key;
    if (!(this.key instanceof Uint8Array) || this.key.length < 32) throw new TypeError(TICKET_KEY);
  }

  /**
   * @param principal who will watch with it
   * @returns the ticket: letters, digits, `-`, `_` and a dot
   * @throws TypeError when the principal is none, or too large
   */
  issue(principal: Principal, { ttl = DEFAULT_TTL_MS }: TicketOptions = {}): string {
    if (!Number.isInteger(ttl) || ttl < 1 || ttl > LONGEST_TTL_MS)
      throw new TypeError(ticketTtl(LONGEST_TTL_MS));
    // Where it is made, somebody sees what is wrong with it.
    checkPrincipal(principal);
    const { id, categories, filter, expiresAt } = principal;
    const payload: Payload = {
      nonce: randomBytes(16).toString('base64url'),
      until: Date.now() + ttl,
      principal: {
        ...(id === undefined ? {} : { id }),
        ...(categories === undefined ? {} : { categories }),
        ...(filter === undefined ? {} : { filter }),
        ...(expiresAt === undefined ? {} : { expiresAt: Number(expiresAt) }),
      },
    };
    const body = Buffer.from(JSON.stringify(payload)).toString('base64url');
    const ticket = `${body}.${this.sign(body).toString('base64url')}`;
    if (ticket.length > LONGEST_TICKET) throw new TypeError(ticketTooLong(LONGEST_TICKET));
    return ticket;
  }

  /** Lets those watch who bring a ticket, and as whom it was issued: for the option `authorize`. */
  readonly authorize: Authorizer = (request) => {
    const ticket = ticketOf(request);
    const payload = ticket === undefined ? undefined : this.read(ticket);
    if (!payload) return undefined;
    const { nonce, until, principal } = payload;
    const redeemed = this.redeem(nonce, until);
    if (typeof redeemed === 'boolean') return redeemed && principal;
    // Only `true` lets in: what a store answers may be anything.
    return Promise.resolve(redeemed).then((first) => first === true && principal);
  };

  /** @returns what a ticket says that is ours and whose time is not up */
  private read(ticket: string): Payload | undefined {
    if (ticket.length > LONGEST_TICKET) return undefined;
    const [body = '', signature = '', ...rest] = ticket.split('.');
    const expected = this.sign(body);
    const given = Buffer.from(signature, 'base64url');
    if (rest.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected))
      return undefined;
    // Signed by us, so it is what `issue` made.
    const payload = JSON.parse(Buffer.from(body, 'base64url').toString()) as Payload;
    return payload.until > Date.now() ? payload : undefined;
  }

  /** The prefix keeps a key that is also used elsewhere from making tickets of other signed texts. */
  private sign(body: string): Buffer {
    return createHmac('sha256', this.key).update(`nestjs-log-stream ticket ${body}`).digest();
  }
}

function ticketOf(request: IncomingMessage): string | undefined {
  const url = request.url ?? '';
  const query = new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?')) : '');
  return query.get('ticket') ?? subprotocolCredential(request, 'ticket.');
}
