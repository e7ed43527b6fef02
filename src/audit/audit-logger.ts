import { type AuditDetails, readEntry } from './audit-entry.js';
import { type AuditReceipt } from './audit-event.js';
import { type AuditSink } from './audit-sink.js';
import { issueReceipt } from './receipt.js';
import { type UuidV7 } from './uuid-v7.js';

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
    private readonly sink: AuditSink,
    private readonly ids: UuidV7,
  ) {}

  /**
   * Writes one audit record. Never throws: wrong arguments are written as far as they can be read, with the field
   * `audit_error`, and reject the promise.
   *
   * @returns a promise of the record's receipt, which need not be awaited: its rejection is never unhandled
   */
  log(message: string, details: AuditDetails): Promise<AuditReceipt> {
    return issueReceipt(async () => {
      const { problem, ...entry } = readEntry(message, details);
      const receipt = await this.sink.record({
        id: this.ids.next(),
        origin: 'api',
        logger: this.name,
        ...entry,
      });
      if (problem) throw problem;
      return receipt;
    });
  }
}
