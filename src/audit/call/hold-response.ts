import { ServerResponse } from 'node:http';

type End = (this: ServerResponse, ...args: readonly unknown[]) => ServerResponse;

/**
 * Keeps the end of a response back, as express-session does while it saves. The one place to do that for every way in
 * which a handler can answer: returned values, `@Res()`, pipes into the response, exception filters.
 *
 * @param until asked when the answer is complete; `undefined` when there is nothing to wait for
 */
export function holdResponse(
  response: ServerResponse,
  until: (status: number) => Promise<void> | undefined,
): void {
  const end = response.end as End;
  let hasEnded = false;
  response.end = function heldEnd(this: ServerResponse, ...args: readonly unknown[]): ServerResponse {
    // Whoever answers a second time would have been ignored by a response that has ended.
    if (hasEnded) return this;
    hasEnded = true;
    const waiting = until(response.statusCode);
    if (!waiting) return Reflect.apply(end, this, args);
    fixHead(response, args);
    void waiting.then(() => Reflect.apply(end, this, args));
    return this;
  };
}

/**
 * Status and headers are what they were when the answer was complete: what finds `headersSent` false would change them
 * while we wait, as Nest's exception filter does for a handler that throws after it has answered. Nothing is sent yet.
 */
function fixHead(response: ServerResponse, [body, encoding]: readonly unknown[]): void {
  // Over HTTP/2 writing the head sends it.
  if (response.headersSent || !(response instanceof ServerResponse)) return;
  if (needsLength(response)) response.setHeader('content-length', lengthOf(body, encoding));
  response.writeHead(response.statusCode);
}

/** Where `end()` would have counted the body by itself, had the head not been written before. */
function needsLength(response: ServerResponse): boolean {
  const { statusCode, req } = response;
  const hasBody = req.method !== 'HEAD' && statusCode !== 204 && statusCode !== 304;
  const framing = ['content-length', 'transfer-encoding', 'trailer'];
  return hasBody && !framing.some((header) => response.hasHeader(header));
}

function lengthOf(body: unknown, encoding: unknown): number {
  if (typeof body === 'string') {
    return Buffer.byteLength(body, typeof encoding === 'string' ? (encoding as BufferEncoding) : undefined);
  }
  return body instanceof Uint8Array ? body.byteLength : 0;
}
