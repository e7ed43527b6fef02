import { type IncomingMessage } from 'node:http';
import { isLoopbackAddress, isLoopbackHost } from './loopback.js';

/**
 * Names of headers that no client sets, only what stands between it and us: a proxy puts its own loopback address in place
 * of the real peer's and says so in one of these, whatever they hold. From the documentation of nginx and its ingress,
 * Apache, HAProxy, Envoy, Traefik, Kong, Squid, Varnish, WebLogic, IIS, of Amazon, Azure, Google, Akamai, Fastly,
 * Cloudflare, Imperva, Sucuri, Alibaba, Fly, Heroku, Netlify, Vercel, Render and Railway.
 */
const FORWARDING_HEADERS = new Set([
  'via',
  'client-ip',
  'proxy-client-ip',
  'true-client-ip',
  'remote-addr',
  'cdn-loop',
  'cdn-src-ip',
  'ali-cdn-real-ip',
  'incap-client-ip',
  'surrogate-capability',
  'x-client-ip',
  'x-clientip',
  'x-coming-from',
  'x-cluster-client-ip',
  'x-cloud-trace-context',
  'x-host',
  'x-middleton-ip',
  'x-request-start',
  'x-rewrite-url',
  'x-scheme',
  'x-ssl-client-verify',
  'x-sucuri-clientip',
  'x-sucuri-country',
  'x-varnish',
]);
/** Anywhere in a name: `Forwarded`, `X-Forwarded-For`, `X-Original-Forwarded-For`, `WL-Proxy-Client-IP`, ... */
const FORWARDING_PARTS = /forwarded|real-(?:ip|port|host)|proxy-client|client-ip|remote-(?:addr|ip)$/;
/** At the beginning of a name. */
const FORWARDING_PREFIX =
  /^(?:cf|fly|fastly|akamai|eagleeye|x-(?:akamai|amz-cf|amzn|appengine|arr|azure|envoy|gateway|ingress|kong|nf|original|proxy|proxyuser|railway|render|traefik|vercel|zeabur))-/;

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
    // What is of today and of this machine speaks HTTP/1.1; 1.0 is what nginx speaks behind it unless told otherwise.
    request.httpVersion !== '1.0' &&
    !Object.keys(request.headers).some(isOfProxy)
  );
}

function isOfProxy(name: string): boolean {
  return FORWARDING_HEADERS.has(name) || FORWARDING_PARTS.test(name) || FORWARDING_PREFIX.test(name);
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
