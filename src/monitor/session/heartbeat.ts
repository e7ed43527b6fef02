/** A peer is asked for a sign of life this often, in milliseconds. Proxies drop what is silent for a minute. */
const PING_INTERVAL_MS = 25_000;

/** A peer that has not answered after this time is gone, in milliseconds, where nothing else is on its way to it. */
const PONG_TIMEOUT_MS = 10_000;

/**
 * Bytes a millisecond that the slowest link takes which is waited for. A ping stands behind what was sent before it, in the
 * buffers of the kernel too, which Node cannot see: over such a link it arrives late, and its answer.
 */
const SLOWEST_LINK = 4;

/** No answer is waited for any longer than this, in milliseconds. */
const LONGEST_TIMEOUT_MS = 180_000;

/** What the heartbeat needs of a client. */
export interface Beating {
  /** @returns false when no answer can be expected */
  ping(): boolean;
  /** Bytes that were sent to it up to now. */
  readonly bytesSent: number;
  gone(): void;
}

/** How it stands with one client. */
interface Awaited {
  /** Pings since the last answer. */
  pings: number;
  /** Bytes that had been sent by the first of them. */
  sentAtPing: number;
  /** Bytes of which an answer has shown that they have arrived. */
  arrived: number;
}

/** Finds half-open connections: peers that vanished without closing. One timer for all clients. */
export class Heartbeat {
  private readonly awaited = new Map<Beating, Awaited>();
  private interval: NodeJS.Timeout | undefined;
  private deadline: NodeJS.Timeout | undefined;
  private expiry: NodeJS.Immediate | undefined;

  add(client: Beating): void {
    this.awaited.set(client, { pings: 0, sentAtPing: 0, arrived: client.bytesSent });
    this.interval ??= setInterval(() => this.beat(), PING_INTERVAL_MS).unref();
  }

  remove(client: Beating): void {
    this.awaited.delete(client);
    if (this.awaited.size === 0) this.stop();
  }

  /** The client has answered, whichever ping. */
  alive(client: Beating): void {
    const known = this.awaited.get(client);
    if (!known || known.pings === 0) return;
    known.pings = 0;
    known.arrived = known.sentAtPing;
  }

  private beat(): void {
    // A stall may bring the next ping before the verdict on the last one, which would then be on this one.
    clearImmediate(this.expiry);
    for (const [client, known] of this.awaited) {
      if (known.pings === 0) known.sentAtPing = client.bytesSent;
      known.pings += 1;
      if (!client.ping()) known.pings = 0;
    }
    this.deadline = setTimeout(() => {
      // When the event loop was blocked this long, the answers wait in the sockets, and timers run before them:
      // without this turn, one stall of the app would cut off every client.
      this.expiry = setImmediate(() => this.expire());
    }, PONG_TIMEOUT_MS).unref();
  }

  private expire(): void {
    for (const [client, known] of this.awaited) if (isOver(known)) client.gone();
  }

  private stop(): void {
    clearInterval(this.interval);
    clearTimeout(this.deadline);
    clearImmediate(this.expiry);
    this.interval = undefined;
  }
}

/** Whether the answer to the first ping should be there by now, the deadline of the last one. */
function isOver({ pings, sentAtPing, arrived }: Awaited): boolean {
  if (pings === 0) return false;
  const waited = PONG_TIMEOUT_MS + (pings - 1) * PING_INTERVAL_MS;
  return waited >= Math.min(PONG_TIMEOUT_MS + (sentAtPing - arrived) / SLOWEST_LINK, LONGEST_TIMEOUT_MS);
}
