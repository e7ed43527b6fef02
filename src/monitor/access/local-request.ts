import { type IncomingMessage } from 'node:http';
import { isLoopbackAddress, isLoopbackHost } from './loopback.js';

/**
 * A proxy puts its own loopback address in place of the real peer's and says so in one of these, whatever they
 * hold.
 */
const FORWARDING_HEADERS = new Set([
  'forwarded',
  'via',
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-original-host',
  'true-client-ip',
  'cf-connecting-ip',
  'fastly-client-ip',
]);
const FORWARDING_PREFIX = 'x-forwarded-';

/** A name, an IPv4 address or an IPv6 one in brackets, and a port: RFC 9110, 7.2, without what no client sends. */
const HOST = /^(?:[a-z0-9._-]{1,255}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/;

/**
 * The peer is this machine and nothing hides another behind it: a loopback address, no proxy in between, and a
 * loopback `Host`, which a page cannot forge by DNS rebinding.
 */
export function isLocal(request: IncomingMessage): boolean {
  return (
    isLoopbackAddress(request.socket.remoteAddress) &&
    isLoopbackHost(requestedHost(request)) &&
    !Object.keys(request.headers).some(
      (name) => FORWARDING_HEADERS.has(name) || name.startsWith(FORWARDING_PREFIX),
    )
  );
}

/**
 * The host that a client asked for, in lower case.
 *
 * @returns `undefined` when it cannot be trusted to be one: with a user before it or escapes in it, which a parser
 *   of URLs would take off; or with a URL of its own in the request line, as to a proxy, which overrides the header
 */
export function requestedHost({
  headers,
  url,
}: Pick<IncomingMessage, 'headers' | 'url'>): string | undefined {
  const host = hostOf(headers)?.toLowerCase();
  const toOrigin = url === undefined || url.startsWith('/');
  return host !== undefined && toOrigin && HOST.test(host) ? host : undefined;
}

/**
 * HTTP/2 sends the host as `:authority` (RFC 9113, 8.3.1), a name that Node refuses in a request of HTTP/1. A `Host` beside it
 * that says something else is none of either.
 */
function hostOf({ host, ':authority': authority }: IncomingMessage['headers']): string | undefined {
  if (authority === undefined) return host;
  return host === undefined || host === authority ? String(authority) : undefined;
}
