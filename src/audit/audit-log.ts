import { type LoggerService } from '@nestjs/common';
import { AUDIT_ENVELOPE, type AuditEnvelope, type NestLogLevel } from '../record/log-call.js';
import { type AuditDetails, readEntry } from './describe/audit-entry.js';
import { type AuditReceipt } from './audit-event.js';
import { issueReceipt } from './deliver/receipt.js';
import { UuidV7 } from '../record/record-id.js';

type LogMethod = (message: string, params: object) => unknown;

/** What stands in for a level that a `LoggerService` may leave out. */
const SUBSTITUTE: Readonly<Partial<Record<NestLogLevel, NestLogLevel>>> = {
  fatal: 'error',
  debug: 'log',
  verbose: 'log',
};

/**
 * Writes one audit record through any Nest logger, where there is nothing to inject from. The record keeps that
 * logger's name.
 *
 * Never throws, and the returned promise need not be awaited: its rejection is never unhandled. It resolves once the
 * logger has taken the call, and rejects when the logger throws: whether a stream listens behind that logger cannot be
 * known here. Wrong arguments are written as far as they can be read, with the field `audit_error`.
 *
 * @publicApi
 */
export function auditLog(
  logger: LoggerService,
  message: string,
  details: AuditDetails,
): Promise<AuditReceipt> {
  return issueReceipt(async () => {
    const { level, message: text, action, metadata, fields } = readEntry(message, details);
    // Outside DI nobody owns a generator, so ids made here are in order only to the millisecond.
    const envelope: AuditEnvelope = { id: new UuidV7().next(), origin: 'api' };
    const params = { is_audit: true, action, metadata, ...fields };
    Object.defineProperty(params, AUDIT_ENVELOPE, { value: envelope, enumerable: false });
    methodOf(logger, level).call(logger, text, params);
    return { id: envelope.id };
  });
}

function methodOf(logger: LoggerService, level: NestLogLevel): LogMethod {
  const method: LogMethod | undefined = logger[level] ?? logger[SUBSTITUTE[level] ?? level];
  return method ?? logger.log;
}
