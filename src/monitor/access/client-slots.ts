import { type Socket } from 'node:net';
import { type ResolvedLimits } from '../../options/resolved-options.js';
import { Departures } from './departures.js';
import { networkOf } from './network.js';

/** What one connection counts for. */
interface Holding {
  readonly network: string;
  /** Whether somebody was let in on it. */
  kept: boolean;
  /** Requests on it about which nothing is decided. */
  undecided: number;
  /** Ends the waiting for its end. */
  readonly forget: () => void;
}

/**
 * Counts clients, from the moment that they ask until their connection is gone: also those about whom nothing is decided
 * yet, which cost as much. A connection on which somebody was let in counts once, however often it asks; but as many
 * requests as wait on it for a decision are as many clients: hundreds of them fit into one packet. Kept by connection, so
 * that no way in which one can end leaves a slot taken.
 */
export class ClientSlots {
  private readonly holdings = new Map<Socket, Holding>();
  private readonly perNetwork = new Map<string, number>();
  private taken = 0;

  constructor(
    private readonly limits: Pick<ResolvedLimits, 'clients' | 'clientsPerAddress'>,
    private readonly departures = new Departures(),
  ) {}

  /** @returns which limit is reached, and nothing is taken; `undefined` when the request may wait for its decision */
  take(socket: Socket): 'clients' | 'address' | undefined {
    // One that is gone already would never give its slot back.
    if (socket.destroyed) return undefined;
    const holding = this.holdings.get(socket);
    const network = holding?.network ?? networkOf(socket.remoteAddress);
    // Somebody who was let in may ask for something else: only a second question at a time is one more client.
    if (!holding?.kept || holding.undecided > 0) {
      // Who takes too much is told so, also while others have taken the rest.
      if ((this.perNetwork.get(network) ?? 0) >= this.limits.clientsPerAddress) return 'address';
      if (this.taken >= this.limits.clients) return 'clients';
      this.count(network, 1);
    }
    if (holding) holding.undecided += 1;
    else {
      const forget = this.departures.await(socket, () => this.release(socket));
      this.holdings.set(socket, { network, kept: false, undecided: 1, forget });
    }
    return undefined;
  }

  /** A request that had taken its slot is decided; its connection keeps one when somebody was let in on it. */
  decided(socket: Socket, admitted: boolean): void {
    const holding = this.holdings.get(socket);
    if (!holding) return;
    const before = weightOf(holding);
    holding.undecided -= 1;
    holding.kept ||= admitted;
    const after = weightOf(holding);
    this.count(holding.network, after - before);
    if (after > 0) return;
    this.holdings.delete(socket);
    holding.forget();
  }

  private release(socket: Socket): void {
    const holding = this.holdings.get(socket);
    if (!holding) return;
    this.holdings.delete(socket);
    this.count(holding.network, -weightOf(holding));
  }

  private count(network: string, change: number): void {
    this.taken += change;
    const count = (this.perNetwork.get(network) ?? 0) + change;
    if (count > 0) this.perNetwork.set(network, count);
    else this.perNetwork.delete(network);
  }
}

function weightOf({ kept, undecided }: Holding): number {
  return Math.max(kept ? 1 : 0, undecided);
}
