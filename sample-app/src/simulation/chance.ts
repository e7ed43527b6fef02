import { Injectable } from '@nestjs/common';

/** Where the simulated work gets its variety from: a test draws numbers of its own. */
@Injectable()
export class Chance {
  /** From 0 up to, but not including, 1. */
  draw(): number {
    return Math.random();
  }

  happens(probability: number): boolean {
    return this.draw() < probability;
  }

  between(low: number, high: number): number {
    return Math.round(low + this.draw() * (high - low));
  }

  /** @returns `undefined` when there is nothing to pick from */
  pick<T>(items: readonly T[]): T | undefined {
    return items[Math.floor(this.draw() * items.length)];
  }
}
