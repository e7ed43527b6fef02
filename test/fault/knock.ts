import { get } from 'node:http';
import { type MonitoredApp } from '../harness/monitored-app.js';
import { RawClient } from '../harness/raw-client.js';
import { within } from './deadline.js';

/**
 * Asks to watch, over WebSocket or HTTP as the path says.
 *
 * @returns the status of the answer, after which the connection is left
 */
export async function knock(
  app: MonitoredApp,
  path: string,
  { headers = {}, localAddress }: { headers?: Record<string, string>; localAddress?: string } = {},
): Promise<number> {
  if (path.startsWith('/ws/')) {
    const client = await within(RawClient.connect(app.port, path, headers, localAddress), 'an answer');
    client.socket.destroy();
    await client.gone;
    return client.status;
  }
  const options = { host: '127.0.0.1', port: app.port, path, headers, agent: false, localAddress };
  return within(
    new Promise((resolve, reject) => {
      get(options, (response) => {
        response.on('error', () => {}).once('close', () => resolve(response.statusCode!));
        response.destroy();
      }).once('error', reject);
    }),
    'an answer',
  );
}
