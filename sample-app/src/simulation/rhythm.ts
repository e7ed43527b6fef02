import { Injectable } from '@nestjs/common';
import { Chance } from './chance.js';
import { Clock } from './clock.js';

/** Does things again and again, never quite regularly. */
@Injectable()
export class Rhythm {
  constructor(
    private readonly clock: Clock,
    private readonly chance: Chance,
  ) {}

  /** Runs `action` after every pause of `lowMs` to `highMs` milliseconds, until the app shuts down. */
  every(lowMs: number, highMs: number, action: () => void): void {
    this.clock.after(this.chance.between(lowMs, highMs), () => {
      action();
      this.every(lowMs, highMs, action);
    });
  }
}
