import { once } from 'node:events';
import { WebSocket } from 'ws';
import { type Frame } from './frame.js';

/**
 * Watches the monitor, as any WebSocket client could, until the signal.
 *
 * @throws Error when the connection fails or ends before
 */
export async function watch(url: string, show: (frame: Frame) => void, signal: AbortSignal): Promise<void> {
  const socket = new WebSocket(url);
  socket.on('message', (data) => show(JSON.parse(String(data)) as Frame));
  signal.addEventListener('abort', () => socket.close());
  await once(socket, 'close').catch((error: unknown) => {
    // Closed before it was open, `ws` says so by an error.
    if (!signal.aborted) throw error;
  });
  if (!signal.aborted) throw new Error(`The connection to ${url} was closed`);
}
