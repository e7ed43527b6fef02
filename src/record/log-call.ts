import { type AuditOrigin } from '../wire/audit-origin.js';
import { type LogLevel } from '@nestjs/common';

/** The six level names of Nest's `LoggerService`. */
export type NestLogLevel = LogLevel;

/** Every {@link NestLogLevel}, in the order in which Nest's `LoggerService` lists them. */
export const NEST_LOG_LEVELS = [
  'log',
  'error',
  'warn',
  'debug',
  'verbose',
  'fatal',
] as const satisfies readonly NestLogLevel[];

/** Travels with an audit record from its entrance: the id that the caller's receipt names, and the entrance. */
export interface AuditEnvelope {
  /** UUIDv7 (RFC 9562). */
  readonly id: string;
  readonly origin: AuditOrigin;
}

/**
 * Non-enumerable property under which `auditLog()` hides the {@link AuditEnvelope} on the params it hands to
 * any Nest logger: no other logger prints it, `LogStreamLogger` finds it, of another copy of this package too.
 */
export const AUDIT_ENVELOPE: unique symbol = Symbol.for('nestjs-log-stream:audit-envelope');

/** Where in the application's own source a log call was made. Fields that are not known are left out. */
export interface CallerLocation {
  /** File name without directory and extension: `server` for `src/server.ts`. */
  readonly module?: string;
  /** Name of the calling function or method. */
  readonly function?: string;
  /** Line number, from 1; the TypeScript line when source maps are on. */
  readonly line?: number;
}

/**
 * One message of one call of a logger, its arguments understood as Nest's `ConsoleLogger` understands them,
 * nothing converted yet.
 */
export interface LogCall {
  readonly level: NestLogLevel;
  /** Nest's context; `undefined` when there is none. */
  readonly context: string | undefined;
  /** As passed; a lazy message is already resolved. */
  readonly message: unknown;
  /** The text of {@link message} as `ConsoleLogger` prints it, asked for at most once. */
  readonly text: (message: unknown) => string;
  /** The first `Error` among the messages; belongs to the first message of the call. */
  readonly error?: Error;
  /** A stack that was passed as text. */
  readonly stack?: string;
  /** Structured params, merged. */
  readonly params?: Readonly<Record<string, unknown>>;
}
