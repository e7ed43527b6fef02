import { type Socket } from 'node:net';
import { type ResolvedLimits } from '../../options/resolved-options.js';
import { networkOf } from './network.js';

/**
 * Counts connections, from the moment that a client asks until its socket is gone: also those about whom nothing
 * is decided yet, which cost as much. Kept by socket, so that one that asks twice counts once, and that no way
 * in which a connection can end leaves a slot taken.
 */
export class ClientSlots {
  private readonly networks = new Map<Socket, string>();
  /** Whose end is listened for, once: a socket of HTTP may ask, be refused, and ask again. */
  private readonly followed = new WeakSet<Socket>();
  private readonly perNetwork = new Map<string, number>();

  constructor(private readonly limits: Pick<ResolvedLimits, 'clients' | 'clientsPerAddress'>) {}

  /** @returns which limit is reached, and nothing is taken; `undefined` when the socket has a slot */
  take(socket: Socket): 'clients' | 'address' | undefined {
    // One that is gone already would never give its slot back.
    if (this.networks.has(socket) || socket.destroyed) return undefined;
    const network = networkOf(socket.remoteAddress);
    const taken = this.perNetwork.get(network) ?? 0;
    // Who takes too much is told so, also while others have taken the rest.
    if (taken >= this.limits.clientsPerAddress) return 'address';
    if (this.networks.size >= this.limits.clients) return 'clients';
    this.networks.set(socket, network);
    this.perNetwork.set(network, taken + 1);
    if (!this.followed.has(socket)) socket.on('close', () => this.release(socket));
    this.followed.add(socket);
    return undefined;
  }

  has(socket: Socket): boolean {
    return this.networks.has(socket);
  }

  release(socket: Socket): void {
    const network = this.networks.get(socket);
    if (network === undefined) return;
    this.networks.delete(socket);
    const left = this.perNetwork.get(network)! - 1;
    if (left > 0) this.perNetwork.set(network, left);
    else this.perNetwork.delete(network);
  }
}
