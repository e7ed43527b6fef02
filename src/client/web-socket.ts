import { NO_WEB_SOCKET } from './client.messages.js';
import { LogStreamError } from './log-stream-error.js';

/**
 * What is used of a WebSocket: those of browsers, of Node and of `ws` fit.
 *
 * @publicApi
 */
export interface WebSocketLike {
  send(data: string): void;
  close(code?: number, reason?: string): void;
  /** Handlers, which the client sets: each WebSocket has types of its own for their events. */
  onopen: unknown;
  onmessage: unknown;
  onclose: unknown;
  onerror: unknown;
}

/** @publicApi */
export type WebSocketConstructor = new (url: string, protocols?: string[]) => WebSocketLike;

/** What `ws` has beside that. */
export interface NodeWebSocket extends WebSocketLike {
  on(
    event: 'unexpected-response',
    listener: (
      request: unknown,
      response: { readonly statusCode?: number; readonly headers: Readonly<Record<string, unknown>> },
    ) => void,
  ): void;
  terminate(): void;
}

/** A name, so that bundlers for browsers leave the import alone: `ws` is never needed there. */
const NODE_PACKAGE: string = 'ws';

/** @throws LogStreamError `no_web_socket` */
export async function webSocketConstructor(
  given: WebSocketConstructor | undefined,
): Promise<WebSocketConstructor> {
  const found = given ?? (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket;
  if (found) return found;
  try {
    const ws = (await import(/* @vite-ignore */ /* webpackIgnore: true */ NODE_PACKAGE)) as {
      WebSocket: WebSocketConstructor;
    };
    return ws.WebSocket;
  } catch (cause) {
    throw new LogStreamError('no_web_socket', NO_WEB_SOCKET, { cause });
  }
}
