/**
 * Level names on the wire, lowest first.
 *
 * @publicApi
 */
export const LOG_LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const;

/**
 * One of the five level names of the wire; Nest's `verbose` and `debug` are both `DEBUG`.
 *
 * @publicApi
 */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** How people write levels, in small letters: the names of the wire, Nest's six, and the short forms of both. */
const SPELLINGS = {
  debug: 'DEBUG',
  verbose: 'DEBUG',
  info: 'INFO',
  log: 'INFO',
  warning: 'WARNING',
  warn: 'WARNING',
  error: 'ERROR',
  critical: 'CRITICAL',
  fatal: 'CRITICAL',
} as const satisfies Readonly<Record<string, LogLevel>>;

/**
 * A level as every entrance takes it (options, URL, messages, `auditLog`, the command line): the names of the wire or
 * Nest's, in any case. What leaves is always a {@link LogLevel}.
 *
 * @publicApi
 */
export type LevelName = LogLevel | keyof typeof SPELLINGS | Uppercase<keyof typeof SPELLINGS>;

/** @returns `undefined` for what is no level */
export function parseLevel(value: unknown): LogLevel | undefined {
  if (typeof value !== 'string') return undefined;
  const name = value.toLowerCase();
  return Object.hasOwn(SPELLINGS, name) ? SPELLINGS[name as keyof typeof SPELLINGS] : undefined;
}
