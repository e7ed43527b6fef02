import { LOG_LEVELS, type LogLevel } from '../../wire/level.js';
import { type RecordSource } from '../../stream/record-source.js';

type PerLevel = Readonly<Record<LogLevel, number>>;

const NONE: PerLevel = { DEBUG: 0, INFO: 0, WARNING: 0, ERROR: 0, CRITICAL: 0 };

/** Records a second that an application produced between the last two looks, by level. */
export class ProductionRates {
  private counts: PerLevel;
  private time = performance.now();
  private rates: PerLevel = NONE;

  constructor(private readonly source: RecordSource) {
    this.counts = { ...source.produced };
  }

  get perLevel(): PerLevel {
    return this.rates;
  }

  sample(now: number = performance.now()): void {
    const seconds = Math.max((now - this.time) / 1000, 0.001);
    const counts = { ...this.source.produced };
    const rate = (level: LogLevel): number =>
      Math.round(((counts[level] - this.counts[level]) / seconds) * 10) / 10;
    this.rates = Object.fromEntries(LOG_LEVELS.map((level) => [level, rate(level)])) as PerLevel;
    this.counts = counts;
    this.time = now;
  }
}
