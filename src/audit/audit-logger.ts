import { type AuditDelivery } from './deliver/audit-delivery.js';
import { type AuditDetails, readEntry } from './describe/audit-entry.js';
import { type AuditFailurePolicy, type AuditReceipt } from './audit-event.js';
import { issueReceipt } from './deliver/receipt.js';
import { type UuidV7 } from '../record/record-id.js';

/**
 * How {@link AuditLogger.log} deals with a record that cannot be kept.
 *
 * @publicApi
 */
export interface AuditLogOptions {
  /**
   * With `closed` the promise rejects with an `AuditUnavailableError` unless the record is durable within the deadline
   * of the trail. Await it before the act that it records, so that what cannot be audited does not happen:
   *
   *     await this.audit.log('Key revoked', { action: 'key_revoke' }, { failure: 'closed' });
   *     await this.keys.revoke(id);
   *
   * @default 'open'
   */
  readonly failure?: AuditFailurePolicy;
}

/**
 * Writes audit records. Injected by its class it is named after the class that it is injected into; see
 * `@InjectAuditLogger(name)` for a name of one's own.
 *
 * @publicApi
 */
export class AuditLogger {
  /** @param name logger name of its records, `audit.<name>` */
  constructor(
    readonly name: string,
    private readonly delivery: AuditDelivery,
    private readonly ids: UuidV7,
  ) {}

  /**
   * Writes one audit record. Never throws: wrong arguments are written as far as they can be read, with the field
   * `audit_error`, and reject the promise.
   *
   * @returns a promise of the record's receipt, which need not be awaited: its rejection is never unhandled. It
   * resolves when the record is as safe as the sink can make it, with a durable trail after the commit, and rejects
   * with the sink's error, or, with `failure: 'closed'`, with an `AuditUnavailableError` when it is not. After a missed
   * deadline the record may still be stored.
   */
  log(message: string, details: AuditDetails, options: AuditLogOptions = {}): Promise<AuditReceipt> {
    return issueReceipt(async () => {
      const { problem, ...entry } = readEntry(message, details);
      const event = { id: this.ids.next(), origin: 'api', logger: this.name, ...entry } as const;
      // What is no policy at all is the safer one.
      const isClosed = (options?.failure ?? 'open') !== 'open';
      const receipt = await (isClosed ? this.delivery.recordOrRefuse(event) : this.delivery.record(event));
      if (problem) throw problem;
      return receipt;
    });
  }
}
