import { SUBPROTOCOL } from '../../wire/subprotocol.js';
import { type IncomingMessage } from 'node:http';

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
