import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { logLines } from './log-lines.mjs';
import { installNaiveLogger } from './naive-logger.mjs';

/** What most monitors do: for every line and every client one `ws.send` of a freshly stringified message. */
export async function start() {
  const server = createServer();
  const sockets = new WebSocketServer({ server, path: '/' });
  installNaiveLogger((frame) => {
    for (const client of sockets.clients)
      if (client.readyState === client.OPEN) client.send(JSON.stringify(frame));
  });
  return { server, log: logLines, handshake: { path: '/' }, watching: () => sockets.clients.size };
}
