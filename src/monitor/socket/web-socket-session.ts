import { type RawData, type WebSocket } from 'ws';
import { type Access } from '../access/access.js';
import { ClientSession } from '../session/client-session.js';
import { type ConnectionRequest } from '../protocol/connection-request.js';
import { BROKEN_RULES, SILENT } from '../session/farewell.js';
import { type Beating } from '../session/heartbeat.js';
import { type MonitorContext } from '../session/monitor-context.js';
import { RequestHandler } from './request-handler.js';
import { statsData } from '../session/stats-data.js';
import { WebSocketTransport } from './web-socket-transport.js';

/** A client on a WebSocket: it can ask for something, and is asked whether it is still there. */
export class WebSocketSession extends ClientSession implements Beating {
  private readonly socket: WebSocketTransport;
  /** Pongs that the client owes us. */
  private pinged = 0;

  constructor(
    private readonly client: WebSocket,
    request: ConnectionRequest,
    access: Access,
    context: MonitorContext,
    alive: () => void,
  ) {
    const socket = new WebSocketTransport(client, context.framings);
    super(socket, request, access, context);
    this.socket = socket;
    const requests = new RequestHandler(this, context);
    // The adapter logs a line for whatever a client's socket complains about, as a malformed frame, so that
    // strangers could fill the log. `ws` closes such a socket by itself, with the right code.
    client.removeAllListeners('error');
    client.on('error', () => {});
    // Where the client breaks a rule of the protocol, `ws` closes without a word to us.
    const close = client.close.bind(client);
    client.close = (code, reason) => {
      if (code !== undefined) this.explain(code);
      close(code, reason);
    };
    client.on('message', (data: RawData, isBinary: boolean) => requests.receive(data, isBinary));
    client.on('ping', () => requests.receiveControl());
    client.on('pong', () => {
      if (this.pinged === 0) return requests.receiveControl();
      this.pinged -= 1;
      alive();
    });
  }

  /** Sends a message that is JSON already. */
  sendText(json: string): void {
    this.greet();
    this.socket.text(json);
  }

  /** Tells an extended client how it is doing. */
  override pulse(): void {
    if (!this.extended || this.congested) return;
    this.send({ type: 'stats', data: statsData(this.context, this.access, this.watcher, this.cursor) });
  }

  /** @returns false when no answer can be expected: a ping behind a backlog says nothing about the peer */
  ping(): boolean {
    if (!this.socket.open || this.congested) return false;
    this.pinged += 1;
    this.client.ping();
    return true;
  }

  /** Tells an extended client why `ws` closes the connection. */
  private explain(code: number): void {
    const reason = BROKEN_RULES[code];
    if (reason === undefined || this.closing) return;
    this.context.counters.closing(code);
    if (this.extended) this.send({ type: 'closing', data: { code, reason, reconnect: false, after_ms: 0 } });
  }

  get bytesSent(): number {
    return this.socket.bytesSent;
  }

  /** It may be there after all, over a link that is too slow: it is told, and cut off when it does not answer that. */
  gone(): void {
    this.close(SILENT);
  }
}
