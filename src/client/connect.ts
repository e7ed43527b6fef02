import { type ConnectOptions } from './connect-options.js';
import { endpointOf } from './endpoint.js';
import { LogStreamClient } from './log-stream-client.js';

/**
 * Watches a monitor, from a browser or from Node.
 *
 * @param url of the monitor, as `wss://example.org/ws/monitor`; http(s) counts as ws(s), and in a page it may be a path.
 *   Its query may hold a filter and a replay, as docs/protocol.md has it; `options` win.
 * @returns at once; `ready` tells when it is connected
 * @throws TypeError when the URL leads nowhere
 * @publicApi
 */
export function connect(url: string | URL, options: ConnectOptions = {}): LogStreamClient {
  return new LogStreamClient(endpointOf(url), options);
}
