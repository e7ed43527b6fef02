import { type LogLevel as NestLogLevel } from '@nestjs/common';

/**
 * Level names on the wire, lowest first.
 *
 * @publicApi
 */
export const LOG_LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const;

/** @publicApi */
export type LogLevel = (typeof LOG_LEVELS)[number];

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
