import { type WebSocketAdapter, type WsMessageHandler } from '@nestjs/common';
import { type IncomingMessage, type Server } from 'node:http';
import { type Duplex } from 'node:stream';
import { type Observable } from 'rxjs';
import { WebSocketServer, type ServerOptions, type WebSocket } from 'ws';
import { MONITOR_GATEWAY } from './monitor.gateway.js';

/**
 * Serves the monitor with plain WebSockets and leaves every other gateway to the app's own adapter, which may
 * speak something else, as socket.io does.
 */
export class GatewayAdapter implements WebSocketAdapter {
  private readonly servers = new Map<unknown, () => void>();
  private readonly paths = new Set<unknown>();
  private readonly clients = new WeakSet<object>();

  constructor(
    /** `undefined` in a microservice: nobody can reach the monitor there. */
    private readonly httpServer: Server | undefined,
    private readonly inner: WebSocketAdapter,
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
    const server = new WebSocketServer({ ...(serverOptions as ServerOptions), noServer: true });
    const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
      if (pathOf(request) !== path) return;
      server.handleUpgrade(request, socket, head, (client) => server.emit('connection', client, request));
    };
    this.httpServer?.on('upgrade', onUpgrade);
    this.paths.add(path);
    this.servers.set(server, () => {
      this.httpServer?.off('upgrade', onUpgrade);
      this.paths.delete(path);
    });
    return server;
  }

  bindClientConnect(server: unknown, callback: (client: WebSocket, request: IncomingMessage) => void): void {
    if (!this.servers.has(server)) return this.inner.bindClientConnect(server, callback) as void;
    (server as WebSocketServer).on('connection', (client, request) => {
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
    const stopListening = this.servers.get(server);
    if (!stopListening) return void (await this.inner.close(server));
    stopListening();
    this.servers.delete(server);
    const { clients } = server as WebSocketServer;
    for (const client of clients) client.terminate();
    await new Promise<void>((resolve) => (server as WebSocketServer).close(() => resolve()));
  }

  async dispose(): Promise<void> {
    await (this.inner as { dispose?: () => Promise<void> }).dispose?.();
  }

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
        if (!this.paths.has(pathOf(request))) Reflect.apply(listener, this.httpServer, [request, ...rest]);
      };
      this.httpServer?.off('upgrade', listener as () => void);
      // By this property, `off` finds the wrapper of a listener, as it does for `once`.
      this.httpServer?.on('upgrade', Object.assign(selective, { listener }));
    }
    return server;
  }
}

function pathOf(request: IncomingMessage): string | undefined {
  const url = request.url ?? '';
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}
