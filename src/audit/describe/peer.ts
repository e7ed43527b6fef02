import { type IncomingMessage } from 'node:http';
import { readPath, readText } from './read-path.js';

const PEER = Symbol('nestjs-log-stream:peer');

/**
 * Remembers who has sent a request, as long as that can be asked for: of a connection that has closed, Node knows the peer
 * only if somebody asked before, and of a stream of HTTP/2 not even then.
 */
export function rememberPeer(request: IncomingMessage): void {
  const address = readText(request, 'socket', 'remoteAddress');
  if (address !== undefined && request.httpVersionMajor > 1) Reflect.set(request, PEER, address);
}

/**
 * The address of the peer of a request whose own `ip` is not known any more.
 *
 * @returns `undefined` behind a proxy that the app trusts (Fastify has `ips` then): the peer is not the client
 */
export function peerOf(request: unknown): string | undefined {
  if (Array.isArray(readPath(request, 'ips'))) return undefined;
  return readText(request, 'raw', PEER);
}
