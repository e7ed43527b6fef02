import { type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';

/** What every answer of the stream says, so that nothing between it and the client keeps or delays it. */
const HEADERS: OutgoingHttpHeaders = {
  // `no-transform` keeps compressing middleware and proxies from gathering records into blocks.
  'Cache-Control': 'no-store, no-transform',
  // nginx buffers responses without it.
  'X-Accel-Buffering': 'no',
  // Log text is untrusted: it must not be taken for a page or a script, or be loaded as one by other sites.
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/**
 * The headers of an answer. A page of another origin may read it only if the option `allowedOrigins` names the
 * origin, whatever the app's own CORS says, which is about the app's routes.
 */
export function streamHeaders(
  { headers }: IncomingMessage,
  allowedOrigins: readonly string[],
): OutgoingHttpHeaders {
  const { origin } = headers;
  const vary = { ...HEADERS, Vary: 'Accept, Origin' };
  if (origin === undefined || !allowedOrigins.includes(origin)) return vary;
  return { ...vary, 'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Credentials': 'true' };
}

/** What a page of another origin may ask the stream for: the credentials, and where it was. */
const PREFLIGHT: OutgoingHttpHeaders = {
  'Access-Control-Allow-Methods': 'GET, HEAD',
  // `Cache-Control` is what readers of event streams that are no `EventSource` send.
  'Access-Control-Allow-Headers': 'Authorization, Last-Event-ID, Cache-Control',
  'Access-Control-Max-Age': '600',
};

/**
 * The answer to a CORS preflight: a browser asks by one before it sends `Authorization` or `Last-Event-ID` to another
 * origin. Nobody is let in by it; an origin that is not allowed gets nothing that a browser would take for a yes.
 */
export function preflightAnswer(
  request: IncomingMessage,
  allowedOrigins: readonly string[],
): { readonly status: 204 | 403; readonly headers: OutgoingHttpHeaders } {
  const { origin } = request.headers;
  const allowed = origin !== undefined && allowedOrigins.includes(origin);
  return {
    status: allowed || origin === undefined ? 204 : 403,
    headers: { ...streamHeaders(request, allowedOrigins), Allow: 'GET, HEAD', ...(allowed ? PREFLIGHT : {}) },
  };
}

/** Takes back what the app's CORS has already allowed for this answer. */
export function removeCors(response: ServerResponse): void {
  for (const name of response.getHeaderNames()) {
    if (name.startsWith('access-control-')) response.removeHeader(name);
  }
}
