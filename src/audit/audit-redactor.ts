import { type AuditEvent } from './audit-event.js';

/**
 * Takes the secrets out of what leaves for a sink of the application's own. Declared here so that the path of a record
 * runs one way: the entrances know this port, and what knows the option `redact` implements it.
 */
export abstract class AuditRedactor {
  /** @returns a copy without secrets that holds nothing but plain JSON values, and that nobody else can change */
  abstract redacted(event: AuditEvent): AuditEvent;
}
