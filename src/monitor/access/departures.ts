import { type Socket } from 'node:net';

/**
 * Tells when connections end, with one listener for each, however many wait for it: a client of HTTP/1.1 can send a
 * hundred requests at once, each of which would add a listener of its own.
 */
export class Departures {
  private readonly waiting = new WeakMap<Socket, Set<() => void>>();

  /** @returns what ends the waiting */
  await(socket: Socket, gone: () => void): () => void {
    const known = this.waiting.get(socket);
    const waiting = known ?? new Set();
    waiting.add(gone);
    if (!known) {
      this.waiting.set(socket, waiting);
      socket.once('close', () => {
        for (const one of waiting) one();
      });
    }
    return () => void waiting.delete(gone);
  }
}
