import { Inject } from '@nestjs/common';
import { AuditLogger } from '../audit-logger.js';
import { loggerNameMissing } from '../audit.messages.js';

const LOGGER_NAMES = Symbol('nestjs-log-stream:audit-logger-names');

/**
 * Injects an {@link AuditLogger} whose records carry the logger name `audit.<name>`. For constructor parameters and
 * properties.
 *
 * @throws TypeError when the name is empty
 * @publicApi
 */
export function InjectAuditLogger(name: string): PropertyDecorator & ParameterDecorator {
  if (typeof name !== 'string' || name === '') throw new TypeError(loggerNameMissing());
  Reflect.defineMetadata(LOGGER_NAMES, [...new Set([...auditLoggerNames(), name])], AuditLogger);
  return Inject(getAuditLoggerToken(name));
}

/**
 * Token of the {@link AuditLogger} of a name, to override it in a test.
 *
 * @publicApi
 */
export function getAuditLoggerToken(name: string): string {
  return `AuditLogger(${name})`;
}

/** Every name that a decorator has asked for so far. */
export function auditLoggerNames(): readonly string[] {
  return (Reflect.getMetadata(LOGGER_NAMES, AuditLogger) as readonly string[] | undefined) ?? [];
}
