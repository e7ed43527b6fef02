import { type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import { send } from '../monitor/http/raw-route.js';

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
