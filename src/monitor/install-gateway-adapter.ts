import { type INestApplicationContext, type WebSocketAdapter } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { type Server } from 'node:http';
import { createRequire } from 'node:module';
import { GatewayAdapter } from './gateway-adapter.js';
import { MonitorGateway } from './monitor.gateway.js';
import { WEB_SOCKET_PACKAGES, type WebSocketPackages } from './socket/web-socket-packages.js';

/** Metadata key of `@WebSocketGateway`; Nest keeps it to itself, so a test compares it with the original. */
export const GATEWAY_METADATA = 'websockets:is_gateway';

/** What of an application serves gateways: an HTTP application or a microservice, no standalone context. */
interface GatewayHost extends INestApplicationContext {
  getHttpServer?(): Server;
  useWebSocketAdapter(adapter: WebSocketAdapter): unknown;
}

/** Sees to it that the monitor is served by plain WebSockets, whatever the app's own gateways use. */
export function installGatewayAdapter(app: INestApplicationContext): void {
  if (!isGatewayHost(app)) return;
  const httpServer = app.getHttpServer?.();
  const packages = app.get<WebSocketPackages>(WEB_SOCKET_PACKAGES);
  const current = currentAdapter(app) ?? defaultAdapter(app, httpServer, packages);
  if (current instanceof GatewayAdapter) return;
  // Without an HTTP server the `ws` adapter would open a random port.
  const suits = current instanceof packages.WsAdapter && httpServer !== undefined;
  app.useWebSocketAdapter(suits ? current : new GatewayAdapter(httpServer, current, packages));
}

function isGatewayHost(app: INestApplicationContext): app is GatewayHost {
  return 'useWebSocketAdapter' in app;
}

/**
 * The adapter that the app set. Nest has no public way to ask for it; where this one stops working, the monitor
 * says at start-up that the adapter is not one it can use.
 */
function currentAdapter(app: GatewayHost): WebSocketAdapter | undefined {
  type Config = { getIoAdapter?: () => WebSocketAdapter | null };
  const { config, applicationConfig } = app as { config?: Config; applicationConfig?: Config };
  return (config ?? applicationConfig)?.getIoAdapter?.() ?? undefined;
}

/** What Nest itself would use: socket.io, but only for gateways of the app and only where it is installed. */
function defaultAdapter(
  app: GatewayHost,
  httpServer: Server | undefined,
  { WsAdapter }: WebSocketPackages,
): WebSocketAdapter {
  const socketIo = hasOwnGateways(app) ? loadSocketIoAdapter() : undefined;
  return socketIo ? new socketIo(httpServer) : new WsAdapter(httpServer);
}

function hasOwnGateways(app: GatewayHost): boolean {
  for (const module of app.get(ModulesContainer).values()) {
    for (const { metatype } of module.providers.values()) {
      if (typeof metatype !== 'function' || metatype.prototype instanceof MonitorGateway) continue;
      if (Reflect.hasMetadata(GATEWAY_METADATA, metatype)) return true;
    }
  }
  return false;
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
