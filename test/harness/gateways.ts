import { type INestApplication, type WebSocketAdapter } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';

/** An app's own gateway on a path of its own, for any adapter. */
@WebSocketGateway({ path: '/echo' })
export class EchoGateway {
  @SubscribeMessage('echo')
  echo(_client: unknown, data: unknown): { event: string; data: unknown } {
    return { event: 'echo', data };
  }
}

/** An app's own gateway on the adapter's default path, `/socket.io` with socket.io. */
@WebSocketGateway()
export class SocketIoGateway {
  @SubscribeMessage('echo')
  echo(_client: unknown, data: unknown): { event: string; data: unknown } {
    return { event: 'echo', data };
  }
}

/** What a plain WebSocket gets back for an `echo` message. */
export function echoByWs(url: string, data: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.once('error', reject);
    socket.once('open', () => socket.send(JSON.stringify({ event: 'echo', data })));
    socket.once('message', (text) => {
      resolve((JSON.parse(String(text)) as { data: unknown }).data);
      socket.close();
    });
  });
}

/** A connected socket.io client; the caller closes it. */
export function connectBySocketIo(
  port: number,
  transport: 'websocket' | 'polling',
  path?: string,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = io(`http://127.0.0.1:${port}`, {
      transports: [transport],
      forceNew: true,
      reconnection: false,
      ...(path ? { path } : {}),
    });
    socket.once('connect_error', reject);
    socket.once('connect', () => resolve(socket));
  });
}

export function echoOf(socket: Socket, data: unknown): Promise<unknown> {
  return new Promise((resolve) => {
    socket.once('echo', resolve);
    socket.emit('echo', data);
  });
}

/** How an upgrade on this path ends for a client that speaks WebSocket: the error that it gets. */
export function outcomeOf(url: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    socket.once('open', () => {
      resolve('open');
      socket.terminate();
    });
    socket.once('error', (error) => resolve(error.message));
  });
}

/** A `ws` adapter that is no `WsAdapter`, as one of a second copy of the package. */
export function foreignWsAdapter(app: INestApplication): WebSocketAdapter {
  const adapter = new WsAdapter(app);
  return {
    create: (port, options) => adapter.create(port, options as never) as unknown,
    close: (server) => adapter.close(server as never),
    dispose: () => adapter.dispose(),
    bindClientConnect: (server, callback) => adapter.bindClientConnect(server as never, callback),
    bindClientDisconnect: (client, callback) => adapter.bindClientDisconnect(client as never, callback),
    bindMessageHandlers: (client, handlers, transform) =>
      adapter.bindMessageHandlers(client as never, handlers as never, transform as never),
  } as WebSocketAdapter & { dispose(): Promise<void> };
}
