import { type LogLevel } from '../wire/level.js';
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

/** The Nest level that a wire level stands for; anything else counts as INFO. */
export function nestLevelOf(level: unknown): NestLogLevel {
  const found = Object.entries(LEVEL_OF_NEST).findLast(([, name]) => name === level);
  return (found?.[0] as NestLogLevel | undefined) ?? 'log';
}
