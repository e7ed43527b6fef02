/** A peer is asked for a sign of life this often, in milliseconds. Proxies drop what is silent for a minute. */
const PING_INTERVAL_MS = 25_000;

/** A peer that has not answered after this time is gone, in milliseconds. */
const PONG_TIMEOUT_MS = 10_000;

/** What the heartbeat needs of a client. */
export interface Beating {
  /** @returns false when no answer can be expected */
  ping(): boolean;
  gone(): void;
}

/** Finds half-open connections: peers that vanished without closing. One timer for all clients. */
export class Heartbeat {
  private readonly awaited = new Map<Beating, boolean>();
  private interval: NodeJS.Timeout | undefined;
  private deadline: NodeJS.Timeout | undefined;
  private expiry: NodeJS.Immediate | undefined;

  add(client: Beating): void {
    this.awaited.set(client, false);
    this.interval ??= setInterval(() => this.beat(), PING_INTERVAL_MS).unref();
  }

  remove(client: Beating): void {
    this.awaited.delete(client);
    if (this.awaited.size === 0) this.stop();
  }

  /** The client gave a sign of life. */
  alive(client: Beating): void {
    if (this.awaited.has(client)) this.awaited.set(client, false);
  }

  private beat(): void {
    // A stall may bring the next ping before the verdict on the last one, which would then be on this one.
    clearImmediate(this.expiry);
    for (const client of this.awaited.keys()) {
      this.awaited.set(client, true);
      if (!client.ping()) this.alive(client);
    }
    this.deadline = setTimeout(() => {
      // When the event loop was blocked this long, the answers wait in the sockets, and timers run before them:
      // without this turn, one stall of the app would cut off every client.
      this.expiry = setImmediate(() => this.expire());
    }, PONG_TIMEOUT_MS).unref();
  }

  private expire(): void {
    for (const [client, awaited] of this.awaited) if (awaited) client.gone();
  }

  private stop(): void {
    clearInterval(this.interval);
    clearTimeout(this.deadline);
    clearImmediate(this.expiry);
    this.interval = undefined;
  }
}
