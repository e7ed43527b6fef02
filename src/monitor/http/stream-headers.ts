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

/** Takes back what the app's CORS has already allowed for this answer. */
export function removeCors(response: ServerResponse): void {
  for (const name of response.getHeaderNames()) {
    if (name.startsWith('access-control-')) response.removeHeader(name);
  }
}
