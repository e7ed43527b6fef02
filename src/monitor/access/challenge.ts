import { type IncomingMessage } from 'node:http';
import { type Authorize } from '../../options/log-stream-options.js';
import { requestedHost } from './local-request.js';
import { REALM_EXPECTED } from './access.messages.js';

/** What a person reads in the dialog of a browser. */
export const DEFAULT_REALM = 'log stream';

/** Printable ASCII: a line end would begin another header, and `ws` writes what it is given. */
const PRINTABLE = /^[\x20-\x7e]+$/;

/**
 * What a refusal asks for in `WWW-Authenticate` (RFC 9110, section 11.6.1).
 *
 * Not of a page of another host: a browser may answer with a dialog, and that page would have our users asked for a
 * password with our name on it. A page of this host is asked, also when it opens a socket: Chromium sends a password
 * that it knows only after the challenge (unless the path is below where it was asked for), and shows no dialog for a
 * socket; Firefox stops to show them when two were cancelled.
 */
export function challengeFor(
  request: Pick<IncomingMessage, 'headers' | 'url'>,
  authorize: Authorize | undefined,
): string | undefined {
  if (ofAnotherHost(request)) return undefined;
  return authorize?.challenges?.filter((one) => PRINTABLE.test(one)).join(', ') || undefined;
}

function ofAnotherHost(request: Pick<IncomingMessage, 'headers' | 'url'>): boolean {
  const { headers } = request;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  const origin = headers.origin ?? headers['sec-websocket-origin'];
  if (origin === undefined) return false;
  return (
    typeof origin !== 'string' || !URL.canParse(origin) || new URL(origin).host !== requestedHost(request)
  );
}

/** @throws TypeError when the realm cannot stand in a header as it is */
export function realmParameter(realm: string): string {
  if (typeof realm !== 'string' || !PRINTABLE.test(realm) || /["\\]/.test(realm)) {
    throw new TypeError(REALM_EXPECTED);
  }
  return `realm="${realm}"`;
}
