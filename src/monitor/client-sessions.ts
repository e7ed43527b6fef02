import { type WebSocket } from 'ws';
import { ClientSession } from './client-session.js';
import { SHUTDOWN, STALLED } from './close-codes.js';
import { type ConnectionRequest } from './connection-request.js';
import { Heartbeat } from './heartbeat.js';
import { type MonitorContext } from './monitor-context.js';
import { Pulse } from './pulse.js';

/** A client whose socket has taken nothing for this long is closed, in milliseconds. It can come back and resume. */
const STALL_MS = 30_000;

/** All connected clients of one monitor. */
export class ClientSessions {
  private readonly sessions = new Map<WebSocket, ClientSession>();
  private readonly heartbeat = new Heartbeat();
  private readonly pulse: Pulse<ClientSession>;

  constructor(private readonly context: MonitorContext) {
    this.pulse = new Pulse(
      () => context.rates.sample(),
      (session) => {
        if (session.stalledFor(performance.now()) > STALL_MS) session.close(STALLED);
        else session.stats();
      },
    );
  }

  get size(): number {
    return this.sessions.size;
  }

  open(client: WebSocket, request: ConnectionRequest): void {
    const session = new ClientSession(client, request, this.context, (alive) => this.heartbeat.alive(alive));
    this.context.counters.connected += 1;
    this.sessions.set(client, session);
    this.heartbeat.add(session);
    this.pulse.add(session);
    client.once('close', (code) => this.context.counters.close(code));
  }

  closed(client: WebSocket): void {
    const session = this.sessions.get(client);
    if (!session) return;
    this.context.counters.disconnected += 1;
    this.sessions.delete(client);
    this.heartbeat.remove(session);
    this.pulse.remove(session);
    session.end();
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
