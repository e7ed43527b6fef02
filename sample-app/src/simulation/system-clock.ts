import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from './clock.js';

/** The real time. Stops at shutdown, and with it all work that waits for it. */
@Injectable()
export class SystemClock extends Clock implements OnModuleDestroy {
  private readonly timers = new Set<NodeJS.Timeout>();
  private stopped = false;

  now(): number {
    return Date.now();
  }

  after(ms: number, action: () => void): void {
    if (this.stopped) return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      action();
    }, ms);
    this.timers.add(timer);
  }

  onModuleDestroy(): void {
    this.stopped = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }
}
