import { type WebSocketAdapter, type WsMessageHandler } from '@nestjs/common';
import { type IncomingMessage, type Server } from 'node:http';
import { type Observable } from 'rxjs';
import { type ServerOptions, type WebSocket, type WebSocketServer } from 'ws';
import { MONITOR_GATEWAY } from '../gateway-mark.js';
import { ServerUpgrades } from './server-upgrades.js';
import { type WebSocketPackages } from './web-socket-packages.js';

/**
 * Serves the monitor with plain WebSockets and leaves every other gateway to the app's own adapter, which may
 * speak something else, as socket.io does.
 */
export class GatewayAdapter implements WebSocketAdapter {
  /** The monitors' servers, by path. */
  private readonly servers = new Map<string, WebSocketServer>();
  private readonly clients = new WeakSet<object>();
  private readonly upgrades: ServerUpgrades | undefined;
  private used: WebSocketAdapter | undefined;
  private forcesClose: boolean | undefined;

  constructor(
    /** `undefined` in a microservice: nobody can reach the monitor there. */
    httpServer: Server | undefined,
    /** The adapter of the app's own gateways; asked for when the first of them needs it. */
    private readonly own: () => WebSocketAdapter,
    private readonly packages: Pick<WebSocketPackages, 'WebSocketServer'>,
  ) {
    this.upgrades = httpServer && new ServerUpgrades(httpServer);
  }

  /** Nest sets this on the adapter that it knows. */
  set forceCloseConnections(value: boolean) {
    this.forcesClose = value;
    if (this.used) Object.assign(this.used, { forceCloseConnections: value });
  }

  create(port: number, options?: Record<PropertyKey, unknown>): unknown {
    if (options?.[MONITOR_GATEWAY] !== true) return this.inner.create(port, options) as unknown;
    const { path, ...serverOptions } = options;
    const server = new this.packages.WebSocketServer({ ...(serverOptions as ServerOptions), noServer: true });
    this.servers.set(String(path), server);
    this.upgrades?.take(String(path), (request, socket, head) =>
      server.handleUpgrade(request, socket, head, (client) => server.emit('connection', client, request)),
    );
    return server;
  }

  bindClientConnect(server: unknown, callback: (client: WebSocket, request: IncomingMessage) => void): void {
    if (!this.isOurs(server)) return this.inner.bindClientConnect(server, callback) as void;
    server.on('connection', (client, request) => {
      this.clients.add(client);
      callback(client, request);
    });
  }

  bindClientDisconnect(client: WebSocket, callback: (reason?: unknown) => void): void {
    if (this.clients.has(client)) client.once('close', callback);
    else this.inner.bindClientDisconnect?.(client, callback);
  }

  bindMessageHandlers(
    client: WebSocket,
    handlers: WsMessageHandler[],
    transform: (data: unknown) => Observable<unknown>,
  ): void {
    // The monitor reads its clients' messages itself, since an adapter swallows those it does not understand.
    if (!this.clients.has(client)) this.inner.bindMessageHandlers(client, handlers, transform);
  }

  async close(server: unknown): Promise<void> {
    if (!this.isOurs(server)) return void (await this.inner.close(server));
    for (const [path, ours] of this.servers) {
      if (ours !== server) continue;
      this.servers.delete(path);
      this.upgrades?.leave(path);
    }
    for (const client of server.clients) client.terminate();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  async dispose(): Promise<void> {
    await (this.used as { dispose?: () => Promise<void> } | undefined)?.dispose?.();
  }

  private get inner(): WebSocketAdapter {
    if (!this.used) {
      this.used = this.own();
      if (this.forcesClose !== undefined) this.forceCloseConnections = this.forcesClose;
    }
    return this.used;
  }

  private isOurs(server: unknown): server is WebSocketServer {
    return [...this.servers.values()].some((ours) => ours === server);
  }
}
