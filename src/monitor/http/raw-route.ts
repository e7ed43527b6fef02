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

/** Answers at once, without a body to `HEAD`; not at all when somebody else has, or the client has left. */
export function answer(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: OutgoingHttpHeaders,
  body: string | Buffer = `${STATUS_CODES[status]}\n`,
): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
  response.end(request.method === 'HEAD' ? '' : body);
}
