import { type FactoryProvider } from '@nestjs/common';
import type * as platformWs from '@nestjs/platform-ws';
import type * as websockets from '@nestjs/websockets';
import type * as ws from 'ws';

/** What of other packages it takes to serve WebSockets. */
export interface WebSocketPackages {
  readonly WebSocketGateway: typeof websockets.WebSocketGateway;
  readonly WsAdapter: typeof platformWs.WsAdapter;
  readonly WebSocketServer: typeof ws.WebSocketServer;
}

export const WEB_SOCKET_PACKAGES: unique symbol = Symbol('nestjs-log-stream:web-socket-packages');

/**
 * Loads them with the first app and not with this package, whose import they would double in time: much that imports it,
 * as a unit test of a service with an audit logger, never starts an app.
 */
export const webSocketPackages: FactoryProvider<Promise<WebSocketPackages>> = {
  provide: WEB_SOCKET_PACKAGES,
  useFactory: async () => {
    const [{ WebSocketGateway }, { WsAdapter }, { WebSocketServer }] = await Promise.all([
      import('@nestjs/websockets'),
      import('@nestjs/platform-ws'),
      import('ws'),
    ]);
    return { WebSocketGateway, WsAdapter, WebSocketServer };
  },
};
