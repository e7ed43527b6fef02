import { type INestApplication } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
import { type IncomingMessage } from 'node:http';
import { type WebSocket, type WebSocketServer } from 'ws';
import { GatewayAdapter } from '../../src/monitor/socket/gateway-adapter.js';

/** A view of what happens in the adapter that serves the monitor; to be made before the app starts. */
export class WitnessAdapter {
  readonly servers: WebSocketServer[] = [];
  onConnect: ((client: WebSocket, request: IncomingMessage) => void) | undefined;
  onClose: (() => Promise<void>) | undefined;
  /** What the gateways get in place of a client. */
  disguise: (client: WebSocket) => WebSocket = (client) => client;

  constructor(app: INestApplication) {
    const adapter: unknown = app.get(ApplicationConfig).getIoAdapter();
    if (!(adapter instanceof GatewayAdapter)) throw new Error('the app has no adapter of ours');
    const create = adapter.create.bind(adapter);
    adapter.create = (port, options) => {
      const server = create(port, options);
      this.servers.push(server as WebSocketServer);
      return server;
    };
    const { clients } = adapter as unknown as { readonly clients: WeakSet<object> };
    const connect = adapter.bindClientConnect.bind(adapter);
    adapter.bindClientConnect = (server, callback) =>
      connect(server, (client, request) => {
        this.onConnect?.(client, request);
        const disguised = this.disguise(client);
        clients.add(disguised);
        callback(disguised, request);
      });
    const close = adapter.close.bind(adapter);
    adapter.close = async (server) => {
      await this.onClose?.();
      await close(server);
    };
  }
}
