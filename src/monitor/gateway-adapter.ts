import { type WebSocketAdapter, type WsMessageHandler } from '@nestjs/common';
import { type IncomingMessage, type Server } from 'node:http';
import { type Duplex } from 'node:stream';
import { type Observable } from 'rxjs';
import { type ServerOptions, type WebSocket, type WebSocketServer } from 'ws';
import { MONITOR_GATEWAY } from './monitor.gateway.js';
import { type WebSocketPackages } from './socket/web-socket-packages.js';

/**
 * Serves the monitor with plain WebSockets and leaves every other gateway to the app's own adapter, which may
 * speak something else, as socket.io does.
 */
export class GatewayAdapter implements WebSocketAdapter {
  /** The monitors' servers, by path. */
  private readonly servers = new Map<string, WebSocketServer>();
  private readonly clients = new WeakSet<object>();

  constructor(
    /** `undefined` in a microservice: nobody can reach the monitor there. */
    private readonly httpServer: Server | undefined,
    private readonly inner: WebSocketAdapter,
    private readonly packages: WebSocketPackages,
  ) {}

  /** Nest sets this on the adapter that it knows. */
  set forceCloseConnections(value: boolean) {
    Object.assign(this.inner, { forceCloseConnections: value });
  }

  create(port: number, options?: Record<PropertyKey, unknown>): unknown {
    if (options?.[MONITOR_GATEWAY] !== true) {
      return this.keepingApart(() => this.inner.create(port, options) as unknown);
    }
    const { path, ...serverOptions } = options;
    const server = new this.packages.WebSocketServer({ ...(serverOptions as ServerOptions), noServer: true });
    if (this.servers.size === 0) this.httpServer?.on('upgrade', this.onUpgrade);
    this.servers.set(String(path), server);
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
    for (const [path, ours] of this.servers) if (ours === server) this.servers.delete(path);
    if (this.servers.size === 0) this.httpServer?.off('upgrade', this.onUpgrade);
    for (const client of server.clients) client.terminate();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  async dispose(): Promise<void> {
    await (this.inner as { dispose?: () => Promise<void> }).dispose?.();
  }

  private isOurs(server: unknown): server is WebSocketServer {
    return [...this.servers.values()].some((ours) => ours === server);
  }

  private readonly onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const server = this.servers.get(pathOf(request));
    if (server)
      server.handleUpgrade(request, socket, head, (client) => server.emit('connection', client, request));
    // Somebody else who listens answers; an adapter without gateways listens not.
    else if (this.httpServer?.listenerCount('upgrade') === 1) endUnclaimed(socket);
  };

  /**
   * Hides the monitor's upgrades from the listeners that the app's adapter adds: one that finds an upgrade not
   * to be its own ends it, socket.io after a second (a timer for each), others at once.
   */
  private keepingApart(create: () => unknown): unknown {
    const known = new Set(this.httpServer?.rawListeners('upgrade'));
    const server = create();
    for (const listener of this.httpServer?.rawListeners('upgrade') ?? []) {
      if (known.has(listener)) continue;
      const selective = (request: IncomingMessage, ...rest: unknown[]): void => {
        if (!this.servers.has(pathOf(request))) Reflect.apply(listener, this.httpServer, [request, ...rest]);
      };
      this.httpServer?.off('upgrade', listener as () => void);
      // By this property, `off` finds the wrapper of a listener, as it does for `once`.
      this.httpServer?.on('upgrade', Object.assign(selective, { listener }));
    }
    return server;
  }
}

/** An upgraded socket has no time limit and nobody who reads it: it would stay open for as long as the peer likes. */
function endUnclaimed(socket: Duplex): void {
  socket.on('error', () => {});
  socket.once('finish', () => socket.destroy());
  socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
}

function pathOf(request: IncomingMessage): string {
  const url = request.url ?? '';
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}
