import { type LogLevel } from '../../../wire/level.js';
import { isAlarming } from './level.js';

/** One second of the chart. */
export interface RateBar {
  readonly quiet: number;
  readonly warning: number;
  readonly alarming: number;
}

const SERIES = 3;

/** Records per second over the last minutes, by the time that they carry. */
export class RateHistory {
  private readonly counts: Uint32Array;
  private newest = 0;
  /** How far the clock of the application is before ours, in milliseconds; told by the records themselves. */
  private offset = Number.NEGATIVE_INFINITY;

  constructor(readonly seconds = 120) {
    this.counts = new Uint32Array(seconds * SERIES);
  }

  /** @param live whether it has just been logged: then its time tells what the clock of the application says */
  add(time: number, level: LogLevel, live: boolean, now: number): void {
    if (live) this.offset = Math.max(this.offset, time - now);
    const second = Math.floor(time / 1000);
    this.moveTo(second);
    if (second <= this.newest - this.seconds) return;
    const series = isAlarming(level) ? 2 : level === 'WARNING' ? 1 : 0;
    const place = (second % this.seconds) * SERIES + series;
    this.counts[place] = (this.counts[place] ?? 0) + 1;
  }

  /** @returns oldest first; the last is the second that is not over yet */
  bars(now: number): RateBar[] {
    this.moveTo(Math.floor((now + (Number.isFinite(this.offset) ? this.offset : 0)) / 1000));
    return Array.from({ length: this.seconds }, (_, index) => {
      const place = ((this.newest - this.seconds + 1 + index) % this.seconds) * SERIES;
      const [quiet = 0, warning = 0, alarming = 0] =
        place < 0 ? [] : this.counts.subarray(place, place + SERIES);
      return { quiet, warning, alarming };
    });
  }

  private moveTo(second: number): void {
    const from = Math.max(this.newest + 1, second - this.seconds + 1);
    for (let passed = from; passed <= second; passed += 1) {
      const place = (passed % this.seconds) * SERIES;
      this.counts.fill(0, place, place + SERIES);
    }
    this.newest = Math.max(this.newest, second);
  }
}
