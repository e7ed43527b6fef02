import { type Transport } from './transport.js';

/** Follows whether a client takes what is sent to it; to be asked regularly. */
export class SendProgress {
  private unsent = 0;
  private at = Number.NEGATIVE_INFINITY;

  constructor(private readonly transport: Pick<Transport, 'unsent'>) {}

  /** How long the client has taken nothing of what waits for it, in milliseconds; 0 while nothing does. */
  idleFor(now: number): number {
    const { unsent } = this.transport;
    if (unsent === 0 || unsent !== this.unsent) {
      this.unsent = unsent;
      this.at = now;
    }
    return now - this.at;
  }
}
