import { Inject, Injectable } from '@nestjs/common';
import { type IncomingMessage } from 'node:http';
import { LOG_STREAM_OPTIONS, type ResolvedLogStreamOptions } from '../../options/resolved-options.js';
import { Access } from './access.js';
import { challengeFor } from './challenge.js';
import { Departures } from './departures.js';
import { decision, UNDECIDED } from './decision.js';
import { isForbidden } from './forbidden.js';
import { isPrincipalError } from './principal-error.js';
import { readPrincipal } from './read-principal.js';
import { answeredNoPrincipal } from './access.messages.js';
import { ClientSlots } from './client-slots.js';
import { isLoopbackHost } from './loopback.js';
import { isLocal, requestedHost } from './local-request.js';
import {
  authorizeThrew,
  expiredBefore,
  FORBIDDEN,
  FOREIGN_ORIGIN,
  NOT_AUTHORIZED,
  NOT_LOCAL,
  tooManyClients,
  tooManyFromAddress,
  undecidedFor,
} from '../monitor.messages.js';

/** Whether somebody may watch, and what, decided before the client is answered. Knows no transport. */
export type AdmissionResult = { readonly admitted: true; readonly principal: Access } | Refusal;

export interface Refusal {
  readonly admitted: false;
  /**
   * HTTP status of the refusal: 401 who is unknown, 403 who is known or whose page may not, 429 who has too many
   * connections, 503 when all together have, or nobody
   * decides.
   */
  readonly status: 401 | 403 | 429 | 503;
  readonly kind: RefusalKind;
  /** For the operator's log; the client is told the status only. */
  readonly reason: string;
  /** What the client is asked for, as `WWW-Authenticate` has it. */
  readonly challenge?: string | undefined;
}

export type RefusalKind =
  | 'foreign_origin'
  | 'not_local'
  | 'not_authorized'
  | 'authorize_threw'
  | 'no_principal'
  | 'forbidden'
  | 'expired'
  | 'undecided'
  | 'revoked'
  | 'failed'
  | 'too_many_clients'
  | 'too_many_from_address';

/**
 * Decides who may watch. Guards do not run on `handleConnection` and Nest checks no origin, so this is done at
 * the upgrade. One for all transports, so that they share the limits.
 */
@Injectable()
export class Admission {
  private readonly slots: ClientSlots;
  private readonly departures = new Departures();

  constructor(
    @Inject(LOG_STREAM_OPTIONS)
    private readonly options: Pick<ResolvedLogStreamOptions, 'authorize' | 'allowedOrigins' | 'limits'>,
  ) {
    this.slots = new ClientSlots(options.limits, this.departures);
  }

  async decide(request: IncomingMessage): Promise<AdmissionResult> {
    // Against cross-site WebSocket hijacking: browsers send credentials along, whatever page opens a socket.
    if (!this.originAllowed(request)) return refused(403, 'foreign_origin', FOREIGN_ORIGIN);
    // Before `authorize`, which may be a query: whoever floods us must not be able to flood that.
    const { limits } = this.options;
    const { socket } = request;
    const full = this.slots.take(socket);
    if (full === 'clients') return refused(503, 'too_many_clients', tooManyClients(limits));
    if (full === 'address') return refused(429, 'too_many_from_address', tooManyFromAddress(limits));
    const verdict = await this.authorized(request);
    this.slots.decided(socket, verdict.admitted);
    if (verdict.admitted) return verdict;
    if (verdict.status !== 401) return verdict;
    return { ...verdict, challenge: challengeFor(request, this.options.authorize) };
  }

  private async authorized(request: IncomingMessage): Promise<AdmissionResult> {
    if (!this.options.authorize) {
      return isLocal(request)
        ? { admitted: true, principal: Access.EVERYTHING }
        : refused(401, 'not_local', NOT_LOCAL);
    }
    try {
      const { authorize, limits } = this.options;
      const answer = await decision(authorize(request), request.socket, this.departures, limits.authorizeMs);
      if (answer === UNDECIDED) return refused(503, 'undecided', undecidedFor(limits));
      const principal = readPrincipal(answer);
      if (!principal) return refused(401, 'not_authorized', NOT_AUTHORIZED);
      if (principal === 'forbidden') return refused(403, 'forbidden', FORBIDDEN);
      if (principal.expired()) return refused(401, 'expired', expiredBefore(principal.expiresAt!));
      return { admitted: true, principal };
    } catch (error) {
      if (isPrincipalError(error)) return refused(401, 'no_principal', answeredNoPrincipal(error.message));
      if (isForbidden(error)) return refused(403, 'forbidden', FORBIDDEN);
      return refused(401, 'authorize_threw', authorizeThrew(error));
    }
  }

  private originAllowed(request: IncomingMessage): boolean {
    const { headers } = request;
    // The second is what version 8 of the protocol, which `ws` still speaks, calls it.
    const given = headers.origin ?? headers['sec-websocket-origin'];
    if (given === undefined) {
      // A page can open an event stream of another site without an `Origin`, as by a script element.
      const site = headers['sec-fetch-site'];
      return site === undefined || site === 'same-origin' || site === 'none' || isNavigation(request);
    }
    if (typeof given !== 'string' || !URL.canParse(given)) return false;
    const origin = new URL(given);
    const host = requestedHost(request);
    return (
      origin.host === host ||
      this.options.allowedOrigins.includes(origin.origin) ||
      // A page of a development server on this machine, seen from this machine.
      (isLoopbackHost(origin.host) && isLoopbackHost(host))
    );
  }
}

/**
 * Whether a person follows a link, as to the dashboard from a chat. The answer is shown to them, in a page of its own
 * that no other can look into; `document` leaves out frames, which the page that holds them could cover.
 */
function isNavigation({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
  );
}

function refused(status: Refusal['status'], kind: RefusalKind, reason: string): Refusal {
  return { admitted: false, status, kind, reason };
}
