import { once } from 'node:events';
import { until } from './wait.mjs';

/** A peer that listens, and what is known of its sockets. */
export class Served {
  #sockets = new Set();
  #peer;

  /** Listens on a free port. */
  static async start(peer) {
    const served = new Served(peer);
    peer.server.listen(0, '127.0.0.1');
    await once(peer.server, 'listening');
    return served;
  }

  constructor(peer) {
    this.#peer = peer;
    peer.server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** What a client needs to connect. */
  get address() {
    return { port: this.#peer.server.address().port, handshake: this.#peer.handshake };
  }

  /** @returns bytes that wait in this process for all sockets together */
  get backlog() {
    let bytes = 0;
    for (const socket of this.#sockets) bytes += socket.writableLength;
    return bytes;
  }

  /** Waits until so many clients watch. */
  async watched(clients) {
    if (!(await until(() => this.#peer.watching() === clients)))
      throw new Error(`${this.#peer.watching()} of ${clients} clients`);
  }
}
