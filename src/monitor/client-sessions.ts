import { type WebSocket } from 'ws';
import { type Access } from './access/access.js';
import { Expiries } from './access/expiries.js';
import { ClientSession } from './client-session.js';
import { EXPIRED, REVOKED, SHUTDOWN, STALLED } from './close-codes.js';
import { type ConnectionRequest } from './connection-request.js';
import { Heartbeat } from './heartbeat.js';
import { type MonitorContext } from './monitor-context.js';
import { Pulse } from './pulse.js';

/** All connected clients of one monitor. */
export class ClientSessions {
  private readonly sessions = new Map<WebSocket, ClientSession>();
  private readonly heartbeat = new Heartbeat();
  private readonly expiries = new Expiries<ClientSession>((session) => session.close(EXPIRED));
  private readonly pulse: Pulse<ClientSession>;

  constructor(private readonly context: MonitorContext) {
    this.pulse = new Pulse(
      () => context.rates.sample(),
      (session) => {
        // It can come back and resume.
        if (session.stalledFor(performance.now()) > context.limits.stallMs) session.close(STALLED);
        else session.stats();
      },
    );
  }

  get size(): number {
    return this.sessions.size;
  }

  open(client: WebSocket, request: ConnectionRequest, access: Access): void {
    const alive = (session: ClientSession): void => this.heartbeat.alive(session);
    const session = new ClientSession(client, request, access, this.context, alive);
    this.context.counters.connected += 1;
    this.sessions.set(client, session);
    this.heartbeat.add(session);
    this.pulse.add(session);
    this.expiries.add(session, access.expiresAt);
    client.once('close', (code) => this.context.counters.close(code));
  }

  closed(client: WebSocket): void {
    const session = this.sessions.get(client);
    if (!session) return;
    this.context.counters.disconnected += 1;
    this.sessions.delete(client);
    this.heartbeat.remove(session);
    this.pulse.remove(session);
    this.expiries.remove(session);
    session.end();
  }

  /** Says goodbye to all clients of one principal. @returns how many there were */
  revoke(id: string): number {
    const theirs = [...this.sessions.values()].filter(({ access, closing }) => access.id === id && !closing);
    for (const session of theirs) session.close(REVOKED);
    return theirs.length;
  }

  /** Says goodbye to all and waits until they are gone; a session cuts off who does not answer. */
  async shutdown(): Promise<void> {
    const gone = [...this.sessions].map(
      ([client, session]) =>
        new Promise<void>((resolve) => {
          client.once('close', () => resolve());
          session.close(SHUTDOWN);
        }),
    );
    await Promise.all(gone);
  }
}
