import { type INestApplication, type INestApplicationContext, type WebSocketAdapter } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { WsAdapter } from '@nestjs/platform-ws';
import { createRequire } from 'node:module';
import { GatewayAdapter } from './gateway-adapter.js';
import { MonitorGateway } from './monitor.gateway.js';

/** Metadata key of `@WebSocketGateway`; Nest keeps it to itself, so a test compares it with the original. */
const GATEWAY_METADATA = 'websockets:is_gateway';

/** Sees to it that the monitor is served by plain WebSockets, whatever the app's own gateways use. */
export function installGatewayAdapter(app: INestApplicationContext): void {
  if (!isHttpApplication(app)) return;
  const current = currentAdapter(app) ?? defaultAdapter(app);
  if (current instanceof GatewayAdapter) return;
  const adapter = current instanceof WsAdapter ? current : new GatewayAdapter(app.getHttpServer(), current);
  app.useWebSocketAdapter(adapter);
}

/** A microservice or a standalone context has no HTTP server to upgrade from. */
function isHttpApplication(app: INestApplicationContext): app is INestApplication {
  return 'getHttpServer' in app && 'useWebSocketAdapter' in app;
}

/**
 * The adapter that the app set. Nest has no public way to ask for it; where this one stops working, the monitor
 * says at start-up that the adapter is not one it can use.
 */
function currentAdapter(app: INestApplication): WebSocketAdapter | undefined {
  const { config } = app as { config?: { getIoAdapter?: () => WebSocketAdapter | null } };
  return config?.getIoAdapter?.() ?? undefined;
}

/** What Nest itself would use: socket.io, but only for gateways of the app and only where it is installed. */
function defaultAdapter(app: INestApplication): WebSocketAdapter {
  const socketIo = hasOwnGateways(app) ? loadSocketIoAdapter() : undefined;
  return socketIo ? new socketIo(app) : new WsAdapter(app);
}

function hasOwnGateways(app: INestApplication): boolean {
  for (const module of app.get(ModulesContainer).values()) {
    for (const { metatype } of module.providers.values()) {
      if (typeof metatype !== 'function' || metatype.prototype instanceof MonitorGateway) continue;
      if (Reflect.hasMetadata(GATEWAY_METADATA, metatype)) return true;
    }
  }
  return false;
}

function loadSocketIoAdapter(): (new (app: INestApplication) => WebSocketAdapter) | undefined {
  try {
    const loaded: unknown = createRequire(import.meta.url)('@nestjs/platform-socket.io');
    return (loaded as { IoAdapter: new (app: INestApplication) => WebSocketAdapter }).IoAdapter;
  } catch {
    return undefined;
  }
}
