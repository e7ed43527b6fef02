import { type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';

/** Sends what a browser may keep, unless it has just this: then 304. @param etag strong, quoted */
export function sendCacheable(
  request: IncomingMessage,
  response: ServerResponse,
  headers: OutgoingHttpHeaders,
  body: Buffer,
  etag: string,
): void {
  const known = request.headers['if-none-match']?.split(/\s*,\s*/) ?? [];
  const unchanged = known.some((tag) => tag === '*' || tag.replace(/^W\//, '') === etag);
  send(request, response, unchanged ? 304 : 200, { ...headers, ETag: etag }, unchanged ? '' : body);
}

/** Sends an answer as a whole; to a HEAD request without its body. */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: OutgoingHttpHeaders,
  body: Buffer | string,
): void {
  try {
    const length = status === 304 ? {} : { 'Content-Length': Buffer.byteLength(body) };
    response.writeHead(status, { ...headers, ...length });
    response.end(request.method === 'HEAD' ? undefined : body);
  } catch {
    // What the app's middleware has put in place of the response's methods must not end the app.
    response.destroy();
  }
}
