import { WsAdapter } from '@nestjs/platform-ws';
import { type IncomingMessage } from 'node:http';
import { type WebSocket, type WebSocketServer } from 'ws';

/** The `ws` adapter, with a view of what happens in it. */
export class WitnessAdapter extends WsAdapter {
  readonly servers: WebSocketServer[] = [];
  onConnect: ((client: WebSocket, request: IncomingMessage) => void) | undefined;
  onClose: (() => Promise<void>) | undefined;
  /** What the gateways get in place of a client. */
  disguise: (client: WebSocket) => WebSocket = (client) => client;

  override create(port: number, options?: Record<string, unknown>): unknown {
    const server = super.create(port, options as never) as WebSocketServer;
    this.servers.push(server);
    return server;
  }

  override bindClientConnect(
    server: WebSocketServer,
    callback: (client: WebSocket, request: IncomingMessage) => void,
  ): void {
    super.bindClientConnect(
      server as never,
      ((client: WebSocket, request: IncomingMessage) => {
        this.onConnect?.(client, request);
        callback(this.disguise(client), request);
      }) as never,
    );
  }

  override async close(server: WebSocketServer): Promise<void> {
    await this.onClose?.();
    await super.close(server);
  }
}
