import { type IncomingMessage } from 'node:http';
import { type ResolvedLogStreamOptions } from '../options/resolved-options.js';
import { isLoopbackAddress, isLoopbackHost } from './loopback.js';
import { authorizeThrew, FOREIGN_ORIGIN, NOT_AUTHORIZED, NOT_LOCAL } from './monitor.messages.js';

/** Whether somebody may watch, decided before the WebSocket handshake is answered. */
export type Verdict = { readonly admitted: true } | Refusal;

export interface Refusal {
  readonly admitted: false;
  /** HTTP status of the refusal: 401 who is unknown, 403 whose page may not. */
  readonly status: 401 | 403;
  readonly kind: RefusalKind;
  /** For the operator's log; the client is told the status only. */
  readonly reason: string;
}

export type RefusalKind = 'foreign_origin' | 'not_local' | 'not_authorized' | 'authorize_threw';

/** A proxy puts its own loopback address in place of the real peer's and says so in one of these. */
const FORWARDING_HEADERS = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
];

/**
 * Decides who may watch. Guards do not run on `handleConnection` and Nest checks no origin, so this is done at
 * the upgrade.
 */
export class Admission {
  constructor(private readonly options: Pick<ResolvedLogStreamOptions, 'authorize' | 'allowedOrigins'>) {}

  async decide(request: IncomingMessage): Promise<Verdict> {
    // Against cross-site WebSocket hijacking: browsers send credentials along, whatever page opens a socket.
    if (!this.originAllowed(request)) return refused(403, 'foreign_origin', FOREIGN_ORIGIN);
    if (!this.options.authorize) {
      return isLocal(request) ? { admitted: true } : refused(401, 'not_local', NOT_LOCAL);
    }
    try {
      const principal = await this.options.authorize(request);
      return principal ? { admitted: true } : refused(401, 'not_authorized', NOT_AUTHORIZED);
    } catch (error) {
      return refused(401, 'authorize_threw', authorizeThrew(error));
    }
  }

  private originAllowed({ headers }: IncomingMessage): boolean {
    if (headers.origin === undefined) return true;
    if (!URL.canParse(headers.origin)) return false;
    const origin = new URL(headers.origin);
    return (
      origin.host === headers.host?.toLowerCase() ||
      this.options.allowedOrigins.includes(origin.origin) ||
      // A page of a development server on this machine, seen from this machine.
      (isLoopbackHost(origin.host) && isLoopbackHost(headers.host))
    );
  }
}

/**
 * The peer is this machine and nothing hides another behind it: a loopback address, no proxy in between, and a
 * loopback `Host`, which a page cannot forge by DNS rebinding.
 */
function isLocal({ socket, headers }: IncomingMessage): boolean {
  return (
    isLoopbackAddress(socket.remoteAddress) &&
    isLoopbackHost(headers.host) &&
    FORWARDING_HEADERS.every((name) => headers[name] === undefined)
  );
}

function refused(status: Refusal['status'], kind: RefusalKind, reason: string): Refusal {
  return { admitted: false, status, kind, reason };
}
