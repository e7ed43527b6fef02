import { type CaughtUpData } from './server-message.js';

/** What a client that asked for a replay is told when it is done. */
export class ReplayProgress {
  private missing = 0;

  constructor(private recovered: boolean) {}

  miss(count: number): void {
    this.missing += count;
  }

  /** What the client asked for turned out to be unknown, or no longer complete. */
  giveUp(): void {
    this.recovered = false;
  }

  caughtUp(cursor: string): CaughtUpData {
    if (!this.recovered) return { recovered: false, missing: null, cursor };
    return { recovered: this.missing === 0, missing: this.missing, cursor };
  }
}
