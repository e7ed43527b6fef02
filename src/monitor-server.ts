import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type Socket } from 'node:net';
import { type ServerOptions } from 'ws';
import { DashboardEndpoint } from './dashboard/dashboard-endpoint.js';
import { OwnRoutes } from './monitor/http/own-routes.js';
import { StreamEndpoint } from './monitor/http/stream-endpoint.js';
import { UpgradeHint } from './monitor/http/upgrade-hint.js';
import { MonitorGateway } from './monitor/monitor.gateway.js';
import { ServerUpgrades } from './monitor/socket/server-upgrades.js';
import { WEB_SOCKET_PACKAGES, type WebSocketPackages } from './monitor/socket/web-socket-packages.js';
import { LOG_STREAM_OPTIONS, type ResolvedLogStreamOptions } from './options/resolved-options.js';
import { portNotListened } from './start-up.messages.js';
import { TrailEndpoint } from './trail/trail-endpoint.js';

const LOOPBACK = '127.0.0.1';

/**
 * Serves the monitor on a port of its own, with the same admission as on the app's. Nest connects gateways in applications
 * with HTTP and in microservices only, so this one is connected here.
 */
@Injectable()
export class MonitorServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private made: Server | undefined;

  constructor(
    @Inject(LOG_STREAM_OPTIONS) private readonly options: ResolvedLogStreamOptions,
    @Inject(MonitorGateway) private readonly gateway: MonitorGateway,
    @Inject(WEB_SOCKET_PACKAGES) private readonly packages: WebSocketPackages,
    @Inject(UpgradeHint) private readonly hint: UpgradeHint,
    @Inject(StreamEndpoint) private readonly events: StreamEndpoint,
    @Inject(TrailEndpoint) private readonly trail: TrailEndpoint,
    @Inject(DashboardEndpoint) private readonly dashboard: DashboardEndpoint,
  ) {}

  /** The server, which may not listen yet. */
  get server(): Server | undefined {
    return this.made;
  }

  /** @throws Error when the port cannot be listened on */
  async onApplicationBootstrap(): Promise<void> {
    if (!this.options.monitor) return;
    const { port } = this.options.monitor;
    const routes = new OwnRoutes();
    for (const part of [this.hint, this.events, this.trail, this.dashboard]) part.mount(routes);
    const server = createServer((request, response) => routes.answer(request, response));
    this.serveWebSockets(server);
    this.made = server;
    // Somebody who watches is no reason for a command to go on.
    server.unref().on('connection', (socket: Socket) => socket.unref());
    try {
      await once(server.listen(port, LOOPBACK), 'listening');
    } catch (error) {
      this.made = undefined;
      throw new Error(portNotListened(port, error), { cause: error });
    }
  }

  async onApplicationShutdown(): Promise<void> {
    const { made: server } = this;
    if (!server) return;
    this.made = undefined;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  private serveWebSockets(server: Server): void {
    const sockets = new this.packages.WebSocketServer({
      ...(this.gateway.serverOptions as ServerOptions),
      noServer: true,
    });
    sockets.on('connection', (client, request) => {
      client.once('close', () => this.gateway.handleDisconnect(client));
      this.gateway.handleConnection(client, request);
    });
    new ServerUpgrades(server).take(this.options.path, (request, socket, head) =>
      sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request)),
    );
  }
}
