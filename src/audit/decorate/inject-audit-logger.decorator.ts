import { Inject } from '@nestjs/common';
import { loggerNameMissing } from '../audit.messages.js';

/** Kept with Nest's `Inject`, where other copies of this package find them: the module of either serves both. */
const LOGGER_NAMES = Symbol.for('nestjs-log-stream:audit-logger-names');

/**
 * Injects an `AuditLogger` whose records carry the logger name `audit.<name>`. For constructor parameters and
 * properties.
 *
 * @throws TypeError when the name is empty
 * @publicApi
 */
export function InjectAuditLogger(name: string): PropertyDecorator & ParameterDecorator {
  if (typeof name !== 'string' || name === '') throw new TypeError(loggerNameMissing());
  Reflect.defineMetadata(LOGGER_NAMES, [...new Set([...auditLoggerNames(), name])], Inject);
  return Inject(getAuditLoggerToken(name));
}

/**
 * Token of the `AuditLogger` of a name, to override it in a test.
 *
 * @publicApi
 */
export function getAuditLoggerToken(name: string): string {
  return `AuditLogger(${name})`;
}

/** Every name that a decorator has asked for so far. */
export function auditLoggerNames(): readonly string[] {
  return (Reflect.getMetadata(LOGGER_NAMES, Inject) as readonly string[] | undefined) ?? [];
}
