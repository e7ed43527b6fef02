import { type ServerResponse } from 'node:http';
import { type WebSocket } from 'ws';
import { type Access } from './access/access.js';
import { Expiries } from './access/expiries.js';
import { type ClientSession } from './client-session.js';
import { EXPIRED, REVOKED, SHUTDOWN, STALLED } from './close-codes.js';
import { type ConnectionRequest } from './connection-request.js';
import { drain } from './drain.js';
import { Heartbeat } from './heartbeat.js';
import { HttpSession } from './http/http-session.js';
import { type StreamRequest } from './http/stream-request.js';
import { type MonitorContext } from './monitor-context.js';
import { Pulse } from './pulse.js';
import { type ServerMessage } from './server-message.js';
import { WebSocketSession } from './web-socket-session.js';

/** How a client left that was not told to go: over HTTP there is but one way to. */
const LEFT = 1_000;

/** What carries a client; emits `close` when it is gone. */
type Carrier = WebSocket | ServerResponse;

/** All connected clients of one monitor. */
export class ClientSessions {
  private readonly sessions = new Map<Carrier, ClientSession>();
  private readonly heartbeat = new Heartbeat();
  private readonly expiries = new Expiries<ClientSession>((session) => session.close(EXPIRED));
  private readonly pulse: Pulse<ClientSession>;

  constructor(private readonly context: MonitorContext) {
    this.pulse = new Pulse(
      () => context.rates.sample(),
      (session) => {
        // It can come back and resume.
        if (session.stalledFor(performance.now()) > context.limits.stallMs) session.close(STALLED);
        else session.pulse();
      },
    );
  }

  get size(): number {
    return this.sessions.size;
  }

  open(client: WebSocket, request: ConnectionRequest, access: Access): void {
    const session = new WebSocketSession(client, request, access, this.context, () =>
      this.heartbeat.alive(session),
    );
    this.opened(client, session);
    this.heartbeat.add(session);
    client.once('close', (code) => this.context.counters.close(code));
  }

  /** @param response whose headers are written already */
  openStream(response: ServerResponse, request: StreamRequest, access: Access): void {
    const format = this.context.formats[request.format];
    const session = new HttpSession(response, format, request, access, this.context);
    this.opened(response, session);
    response.once('close', () => {
      this.context.counters.close(session.closeCode ?? LEFT);
      this.closed(response);
    });
  }

  closed(client: Carrier): void {
    const session = this.sessions.get(client);
    if (!session) return;
    this.context.counters.disconnected += 1;
    this.sessions.delete(client);
    if (session instanceof WebSocketSession) this.heartbeat.remove(session);
    this.pulse.remove(session);
    this.expiries.remove(session);
    session.end();
  }

  /** Tells all who may see audit records, and have not filtered them out, what they cannot see in them. */
  announce(message: ServerMessage): void {
    for (const session of this.sessions.values()) {
      if (session.extended && session.sees.audit && !session.closing) session.announce(message);
    }
  }

  /** Says goodbye to all clients of one principal. @returns how many there were */
  revoke(id: string): number {
    const theirs = [...this.sessions.values()].filter(({ access, closing }) => access.id === id && !closing);
    for (const session of theirs) session.close(REVOKED);
    return theirs.length;
  }

  private opened(client: Carrier, session: ClientSession): void {
    this.context.counters.connected += 1;
    this.sessions.set(client, session);
    this.pulse.add(session);
    this.expiries.add(session, session.access.expiresAt);
  }

  /** Says goodbye to all and waits until they are gone; a session cuts off who does not answer. */
  async shutdown(): Promise<void> {
    await drain(this.sessions, () => this.context.fanOut.flush(true), SHUTDOWN);
    await Promise.all(
      [...this.sessions.keys()].map(
        (client) => new Promise<void>((resolve) => void client.once('close', () => resolve())),
      ),
    );
  }
}
