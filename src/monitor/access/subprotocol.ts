import { type IncomingMessage } from 'node:http';

/**
 * The one subprotocol that the server ever selects. A page offers it beside the one that carries its credential:
 * a browser gives up when the server selects none, and selecting the other would echo the credential.
 */
export const SUBPROTOCOL = 'log-stream';

/** @returns what the server answers to the subprotocols that a client offers */
export function selectSubprotocol(offered: ReadonlySet<string>): string | false {
  return offered.has(SUBPROTOCOL) && SUBPROTOCOL;
}

/**
 * Reads a credential that a page sent as a subprotocol, the only header of a WebSocket that it can set:
 * `new WebSocket(url, ['log-stream', 'bearer.<token>'])`.
 */
export function subprotocolCredential({ headers }: IncomingMessage, prefix: string): string | undefined {
  const offered = headers['sec-websocket-protocol']?.split(',') ?? [];
  const found = offered.map((name) => name.trim()).find((name) => name.startsWith(prefix));
  return found?.slice(prefix.length) || undefined;
}
