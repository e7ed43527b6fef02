import { AsyncResource } from 'node:async_hooks';
import { Chance } from '../../sample-app/src/simulation/chance.js';
import { Clock } from '../../sample-app/src/simulation/clock.js';

/** A clock that a test turns: between two turns the sample app's simulated work stands still. */
export class ManualClock extends Clock {
  private time = Date.UTC(2025, 9, 8, 18, 30);
  private due: { readonly at: number; readonly action: () => void }[] = [];

  now(): number {
    return this.time;
  }

  after(ms: number, action: () => void): void {
    // A real timer, too, runs in the context of who set it.
    this.due.push({ at: this.time + ms, action: AsyncResource.bind(action) });
  }

  /** Runs everything that falls due, in order, and what that leads to. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    await settled();
    for (let next = this.take(end); next; next = this.take(end)) {
      this.time = next.at;
      next.action();
      await settled();
    }
    this.time = end;
  }

  private take(end: number): (typeof this.due)[number] | undefined {
    const next = this.due
      .filter(({ at }) => at <= end)
      .reduce<(typeof this.due)[number] | undefined>(
        (first, other) => (first && first.at <= other.at ? first : other),
        undefined,
      );
    this.due = this.due.filter((other) => other !== next);
    return next;
  }
}

/** Draws the same numbers in every run (mulberry32). */
export class SeededChance extends Chance {
  constructor(private state: number) {
    super();
  }

  override draw(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}

/** Always the middle: nothing rare happens by itself. */
export class EvenChance extends Chance {
  override draw(): number {
    return 0.5;
  }
}

/** Until no promise is left that could go on by itself. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
