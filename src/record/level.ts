import { type LogLevel, parseLevel } from '../wire/level.js';
import { type LogLevel as NestLogLevel } from '@nestjs/common';

/** Nest's six levels in the five names of the wire. */
export const LEVEL_OF_NEST: Readonly<Record<NestLogLevel, LogLevel>> = {
  verbose: 'DEBUG',
  debug: 'DEBUG',
  log: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  fatal: 'CRITICAL',
};

const NEST_OF_LEVEL: Readonly<Record<LogLevel, NestLogLevel>> = {
  DEBUG: 'debug',
  INFO: 'log',
  WARNING: 'warn',
  ERROR: 'error',
  CRITICAL: 'fatal',
};

/**
 * The Nest level that a level stands for, by whichever of its names it was given.
 *
 * @returns `undefined` for what is no level
 */
export function nestLevelOf(level: unknown): NestLogLevel | undefined {
  // Both of Nest's lowest are one level of the wire.
  if (level === 'verbose') return 'verbose';
  const found = parseLevel(level);
  return found && NEST_OF_LEVEL[found];
}
