import { LOG_LEVELS, type LogLevel } from '../../../wire/level.js';

/** As shown: narrow enough for a column. */
export const LEVEL_LABELS: Readonly<Record<LogLevel, string>> = {
  DEBUG: 'DEBUG',
  INFO: 'INFO',
  WARNING: 'WARN',
  ERROR: 'ERROR',
  CRITICAL: 'CRIT',
};

export function isLevel(value: unknown): value is LogLevel {
  return LOG_LEVELS.some((level) => level === value);
}

/** Whether somebody should be told. */
export function isAlarming(level: LogLevel): boolean {
  return level === 'ERROR' || level === 'CRITICAL';
}
