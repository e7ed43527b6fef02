import { type RawData, WebSocket } from 'ws';
import { type FanOut } from '../subscription/fan-out.js';
import { type Watcher } from '../subscription/watcher.js';
import { CLOSE_CODES } from './close-codes.js';
import { type Beating } from './heartbeat.js';
import { Inbound } from './inbound.js';
import { WebSocketOutlet } from './web-socket-outlet.js';

/** One connected client, from its handshake to its close. */
export class ClientSession implements Beating {
  private readonly inbound = new Inbound();
  private readonly outlet: WebSocketOutlet;
  private readonly watcher: Watcher;

  constructor(
    private readonly client: WebSocket,
    private readonly fanOut: FanOut,
    alive: (session: ClientSession) => void,
  ) {
    this.outlet = new WebSocketOutlet(client, () => this.closeSlow());
    // The adapter logs a line for whatever a client's socket complains about, as a malformed frame, so that
    // strangers could fill the log. `ws` closes such a socket by itself, with the right code.
    client.removeAllListeners('error');
    client.on('error', () => {});
    client.on('message', (data: RawData, isBinary: boolean) =>
      this.receive(isBinary ? undefined : textOf(data)),
    );
    client.on('pong', () => alive(this));
    this.watcher = fanOut.watch(this.outlet);
  }

  /** Stops the subscription; the socket is closed, or about to be. */
  end(): void {
    this.fanOut.unwatch(this.watcher);
  }

  /** Says goodbye; whoever does not answer is cut off with {@link gone}. */
  close(code: number, reason: string): void {
    this.end();
    this.client.close(code, reason);
  }

  ping(): void {
    if (this.client.readyState === WebSocket.OPEN) this.client.ping();
  }

  gone(): void {
    this.end();
    this.outlet.destroy();
  }

  private closeSlow(): void {
    // The close frame stands behind the backlog that made it slow; `ws` gives up on it after 30 s.
    this.close(CLOSE_CODES.tryAgainLater, 'too slow: records were lost');
  }

  private receive(text: string | undefined): void {
    const { id, ...error } = this.inbound.check(text);
    if (error.code === 'too_many_messages') return this.close(CLOSE_CODES.policyViolation, error.message);
    if (this.client.readyState !== WebSocket.OPEN) return;
    const answer = { type: 'error', data: error, ...(id === undefined ? {} : { id }) };
    this.client.send(JSON.stringify(answer), () => {});
  }
}

function textOf(data: RawData): string {
  return Buffer.isBuffer(data)
    ? data.toString()
    : Buffer.concat(Array.isArray(data) ? data : [Buffer.from(data)]).toString();
}
