import { AuditSink } from '../../../src/audit/deliver/audit-sink.js';
import { type AuditEvent, type AuditReceipt } from '../../../src/audit/audit-event.js';

/** Keeps the records that it is given until a test takes them. */
export class MemorySink extends AuditSink {
  private readonly kept: AuditEvent[] = [];
  private readonly takers: ((event: AuditEvent) => void)[] = [];

  async record(event: AuditEvent): Promise<AuditReceipt> {
    const taker = this.takers.shift();
    if (taker) taker(event);
    else this.kept.push(event);
    return { id: event.id };
  }

  /** The next record, when it comes. */
  async take(): Promise<AuditEvent> {
    return this.kept.shift() ?? new Promise((resolve) => this.takers.push(resolve));
  }

  /** Records that no test has taken. */
  get rest(): readonly AuditEvent[] {
    return this.kept;
  }
}
