import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { logLines } from './log-lines.mjs';
import { installNaiveLogger } from './naive-logger.mjs';

/** socket.io's broadcast over its WebSocket transport, without compression, as is its default. */
export async function start() {
  const server = createServer();
  // Its pings are text frames, which the clients would count; no run lasts this long.
  const io = new Server(server, { pingInterval: 600_000 });
  installNaiveLogger(({ type, data }) => io.emit(type, data));
  return {
    server,
    log: logLines,
    // `40` is the packet that enters the main namespace (socket.io protocol 5).
    handshake: { path: '/socket.io/?EIO=4&transport=websocket', greeting: '40', welcomes: 2 },
    watching: () => io.of('/').sockets.size,
  };
}
