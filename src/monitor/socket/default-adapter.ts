import { type WebSocketAdapter } from '@nestjs/common';
import { type Server } from 'node:http';
import { createRequire } from 'node:module';
import { type WebSocketPackages } from './web-socket-packages.js';

/**
 * The adapter of an app's own gateways where the app sets none: socket.io, which is what Nest itself would use, or plain
 * WebSockets where that is not installed.
 */
export function defaultAdapter(
  httpServer: Server | undefined,
  { WsAdapter }: Pick<WebSocketPackages, 'WsAdapter'>,
): WebSocketAdapter {
  const SocketIo = loadSocketIoAdapter();
  return SocketIo ? new SocketIo(httpServer) : new WsAdapter(httpServer);
}

function loadSocketIoAdapter(): (new (httpServer?: Server) => WebSocketAdapter) | undefined {
  try {
    // From where Nest itself would load it: it is no dependency of this package.
    const websockets = createRequire(import.meta.url).resolve('@nestjs/websockets');
    const loaded: unknown = createRequire(websockets)('@nestjs/platform-socket.io');
    return (loaded as { IoAdapter: new (httpServer?: Server) => WebSocketAdapter }).IoAdapter;
  } catch {
    return undefined;
  }
}
