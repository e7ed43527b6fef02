/** Names of the wire, lowest first. Not imported from the server's code, whose `node:` imports have no place here. */
export const LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const;

export type Level = (typeof LEVELS)[number];

/** As shown: narrow enough for a column. */
export const LEVEL_LABELS: Readonly<Record<Level, string>> = {
  DEBUG: 'DEBUG',
  INFO: 'INFO',
  WARNING: 'WARN',
  ERROR: 'ERROR',
  CRITICAL: 'CRIT',
};

export function isLevel(value: unknown): value is Level {
  return LEVELS.some((level) => level === value);
}

/** Whether somebody should be told. */
export function isAlarming(level: Level): boolean {
  return level === 'ERROR' || level === 'CRITICAL';
}
