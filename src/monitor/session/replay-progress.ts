import { type CaughtUpData } from '../../wire/server-message.js';

/** What a client that asked for a replay is told when it is done. */
export class ReplayProgress {
  private missing = 0;

  /** @param fromStart whether it goes through all of this start of the application, from its first record */
  constructor(
    private recovered: boolean,
    private fromStart = false,
  ) {}

  miss(count: number): void {
    this.missing += count;
  }

  /** What the client asked for turned out to be unknown, or no longer complete. */
  giveUp(unknown = false): void {
    this.recovered = false;
    if (unknown) this.fromStart = false;
  }

  caughtUp(cursor: string): CaughtUpData {
    const from = this.fromStart ? { from_start: true as const } : {};
    if (!this.recovered) return { recovered: false, missing: null, cursor, ...from };
    return { recovered: this.missing === 0, missing: this.missing, cursor, ...from };
  }
}
