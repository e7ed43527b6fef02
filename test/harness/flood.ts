import { type ServerResponse } from 'node:http';
import { type WebSocket } from 'ws';
import { turns } from './event-loop.js';
import { type MonitoredApp } from './monitored-app.js';

/** Large enough that some hundreds of records fill all buffers between two ends. */
const PADDING = 'x'.repeat(8_000);

/**
 * Publishes large records, some each turn of the event loop.
 *
 * @returns the largest backlog that any client had, in bytes
 */
export async function flood(app: MonitoredApp, count: number, fields: object = {}): Promise<number> {
  let largest = 0;
  for (let n = 0; n < count; n++) {
    app.stream.publish({ message: 'flood', padding: PADDING, ...fields });
    if (n % 20 !== 19) continue;
    await turns(1);
    largest = Math.max(largest, ...app.peers.map(backlogOf));
  }
  return largest;
}

/** Of clients over HTTP, the server's end is a response. */
function backlogOf(peer: WebSocket | ServerResponse): number {
  return 'bufferedAmount' in peer ? peer.bufferedAmount : peer.writableLength;
}
