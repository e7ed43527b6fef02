import { type AuditEvent, type AuditReceipt } from './audit-event.js';

/**
 * Port through which every audit record of `AuditLogger` and `@Audit` leaves. Bind another provider to this
 * token to keep records elsewhere as well.
 *
 * @publicApi
 */
export abstract class AuditSink {
  /**
   * Takes one record.
   *
   * @returns a promise that resolves when the record is as safe as this sink can make it, and rejects when it
   * is not. Nobody but the caller of `AuditLogger` ever sees the rejection.
   */
  abstract record(event: AuditEvent): Promise<AuditReceipt>;
}
