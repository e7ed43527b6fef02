import { AUDIT_FLAG } from './audit-flag.js';
import { type AuditOrigin } from '../wire/audit-origin.js';

/**
 * Tells whether a record is an audit record, and by which of the three rules; `undefined` is a system record.
 * Where several hold, the first is named.
 */
export function auditRule(
  extra: Readonly<Record<string, unknown>> | undefined,
  logger: string,
  message: string,
): AuditOrigin | undefined {
  // Own fields only: Nest merges params with `Object.assign`, which lets a `__proto__` field set the prototype.
  if (extra && Object.hasOwn(extra, AUDIT_FLAG) && extra[AUDIT_FLAG] === true) return 'flag';
  if (logger.startsWith('audit.')) return 'logger_prefix';
  if (message.startsWith('[AUDIT]')) return 'message_prefix';
  return undefined;
}
