import { auditFlagIsNotTrue } from './record.messages.js';

/** The field that makes an audit record by being `true`. It is never sent, whatever it holds. */
export const AUDIT_FLAG = 'is_audit';

/** Whether the flag is set and yet none: who writes `is_audit: 1` means to keep an audit record. */
export function isMisread(fields: Readonly<Record<string, unknown>>): boolean {
  if (!Object.hasOwn(fields, AUDIT_FLAG)) return false;
  const flag = fields[AUDIT_FLAG];
  return Boolean(flag) && flag !== true && flag !== 'false';
}

/** Says of a flag that is misread what it has come to, once. */
export class AuditFlagWarning {
  private spoken = false;

  get hasSpoken(): boolean {
    return this.spoken;
  }

  /** @param fields of a record that became a system record */
  say(fields: Readonly<Record<string, unknown>>, logger: string): void {
    this.spoken = true;
    process.emitWarning(auditFlagIsNotTrue(fields[AUDIT_FLAG], logger), 'LogStreamWarning');
  }
}
