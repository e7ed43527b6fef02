import { type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse, STATUS_CODES } from 'node:http';

/** What a platform hands a route: Node's own objects on Express, wrapped as `raw` on Fastify. */
type PlatformRequest = IncomingMessage & { readonly raw?: IncomingMessage };
type PlatformResponse = ServerResponse & { readonly raw?: ServerResponse; hijack?(): void };

/** A handler of Node's own request and response, as a platform's route takes it. */
export function rawRoute(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): (request: PlatformRequest, response: PlatformResponse) => void {
  return (request, response) => {
    response.hijack?.();
    const answer = response.raw ?? response;
    // Whatever goes wrong with the connection ends in its `close`.
    answer.on('error', () => {});
    try {
      handler(request.raw ?? request, answer);
    } catch {
      // What the app's middleware has put in place of the response's methods must not end the app.
      answer.destroy();
    }
  };
}

/**
 * Sends an answer as a whole, without its body to a HEAD request; nothing when the client has left, or somebody else, as
 * the app's own time limit, has answered.
 */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: OutgoingHttpHeaders,
  body: string | Buffer = `${STATUS_CODES[status]}\n`,
): void {
  if (response.destroyed || response.headersSent) return;
  try {
    const length = status === 304 ? {} : { 'Content-Length': Buffer.byteLength(body) };
    response.writeHead(status, { ...headers, ...length });
    response.end(request.method === 'HEAD' ? undefined : body);
  } catch {
    // What the app's middleware has put in place of the response's methods must not end the app.
    response.destroy();
  }
}
