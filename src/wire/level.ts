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
