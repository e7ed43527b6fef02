import { Expiries } from '../access/expiries.js';
import { type ServerMessage } from '../../wire/server-message.js';
import { type ClientSession } from './client-session.js';
import { type Firing, maySee } from './firings.js';
import { drain } from './drain.js';
import { EXPIRED, REVOKED, SHUTDOWN, STALLED } from './farewell.js';
import { handOver } from './hand-over.js';
import { type Beating, Heartbeat } from './heartbeat.js';
import { type MonitorContext } from './monitor-context.js';
import { Pulse } from './pulse.js';

/** What carries a client: a WebSocket, the response to a request. */
export interface Carrier {
  once(event: 'close', listener: () => void): unknown;
}

/** A client that is asked whether it is still there; one over HTTP can only listen. */
function isBeating(session: object): session is Beating {
  return 'ping' in session;
}

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

  /** Takes in a client. {@link closed} is to be called when its carrier is gone. */
  add(carrier: Carrier, session: ClientSession): void {
    this.context.counters.connected += 1;
    this.sessions.set(carrier, session);
    this.pulse.add(session);
    this.expiries.add(session, session.access.expiresAt);
    if (isBeating(session)) this.heartbeat.add(session);
  }

  /** A client gave a sign of life. */
  alive(client: Beating): void {
    this.heartbeat.alive(client);
  }

  closed(client: Carrier): void {
    const session = this.sessions.get(client);
    if (!session) return;
    this.context.counters.disconnected += 1;
    this.sessions.delete(client);
    if (isBeating(session)) this.heartbeat.remove(session);
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

  /** Tells all who may see the record of an alert that it has fired. */
  tellAlert(firing: Firing): void {
    this.context.firings.add(firing);
    for (const session of this.sessions.values()) {
      if (session.extended && !session.closing && maySee(session.access, firing)) {
        session.announce({ type: 'alert', data: firing.data });
      }
    }
  }

  /** Says goodbye to all clients of one principal. @returns how many there were */
  revoke(id: string): number {
    const theirs = [...this.sessions.values()].filter(({ access, closing }) => access.id === id && !closing);
    for (const session of theirs) session.close(REVOKED);
    return theirs.length;
  }

  /** @returns whether all have taken everything within that time */
  handOver(timeoutMs: number): Promise<boolean> {
    return handOver(this.sessions, () => this.context.fanOut.flush(true), timeoutMs);
  }

  /** Says goodbye to all and waits until they are gone; a session cuts off who does not answer. */
  async shutdown(): Promise<void> {
    for (const session of this.sessions.values()) session.hasten();
    await drain(this.sessions, () => this.context.fanOut.flush(true), SHUTDOWN);
    await Promise.all(
      [...this.sessions.keys()].map(
        (client) => new Promise<void>((resolve) => void client.once('close', () => resolve())),
      ),
    );
  }
}
