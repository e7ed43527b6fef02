import { Inject, Injectable, type WebSocketAdapter } from '@nestjs/common';
import { ApplicationConfig, HttpAdapterHost } from '@nestjs/core';
import { type Server } from 'node:http';
import { LOG_STREAM_OPTIONS, type ResolvedLogStreamOptions } from '../options/resolved-options.js';
import { defaultAdapter } from './socket/default-adapter.js';
import { GatewayAdapter } from './socket/gateway-adapter.js';
import { WEB_SOCKET_PACKAGES, type WebSocketPackages } from './socket/web-socket-packages.js';

/**
 * Sees to it that the monitor is served by plain WebSockets, whatever the app's own gateways use, and that they keep what
 * they had. Which adapter the app sets, if any, is known when Nest first asks for it: then, and not when this is made,
 * ours is put before it.
 */
@Injectable()
export class MonitorAdapter {
  private readonly adapters = new Map<WebSocketAdapter | null, GatewayAdapter>();

  constructor(
    @Inject(ApplicationConfig) config: ApplicationConfig,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(LOG_STREAM_OPTIONS) private readonly options: ResolvedLogStreamOptions,
    @Inject(WEB_SOCKET_PACKAGES) private readonly packages: WebSocketPackages,
  ) {
    const ofApp = config.getIoAdapter.bind(config);
    config.getIoAdapter = () => this.adapterBefore(ofApp() as WebSocketAdapter | null);
  }

  /** One for each that the app has set, since Nest asks for the adapter again and again. */
  private adapterBefore(own: WebSocketAdapter | null): GatewayAdapter {
    // A second module of ours in the same app.
    if (own instanceof GatewayAdapter) return own;
    const known = this.adapters.get(own);
    if (known) return known;
    const { httpServer, packages } = this;
    const adapter = new GatewayAdapter(
      // Not where the monitor has a server of its own.
      this.options.monitor ? undefined : httpServer,
      () => own ?? defaultAdapter(httpServer, packages),
      packages,
    );
    this.adapters.set(own, adapter);
    return adapter;
  }

  /** None in a microservice. */
  private get httpServer(): Server | undefined {
    // Nest's types promise one in every application.
    const adapter = this.host.httpAdapter as HttpAdapterHost['httpAdapter'] | undefined;
    return adapter?.getHttpServer() as Server | undefined;
  }
}
