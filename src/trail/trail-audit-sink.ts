import { type AuditEvent, type AuditReceipt } from '../audit/audit-event.js';
import { AuditSink } from '../audit/deliver/audit-sink.js';
import { type StructuredEntry, type LogStreamLogger } from '../logger/log-stream-logger.js';
import { LEVEL_OF_NEST } from '../record/level.js';
import { type PlainObject } from '../wire/plain-value.js';
import { type AuditTrail } from './audit-trail.js';

/** The sink of an app with a trail: a record is acknowledged when it is committed. */
export class TrailAuditSink extends AuditSink {
  override readonly durable = true;
  override readonly redacts = true;
  override readonly deadlineMs: number;

  constructor(
    private readonly logger: LogStreamLogger,
    private readonly trail: AuditTrail,
    deadlineMs: number,
  ) {
    super();
    this.deadlineMs = deadlineMs;
  }

  /** The stream hands the record on to the trail, as it does with every audit record, whoever logged it. */
  record(event: AuditEvent): Promise<AuditReceipt> {
    return this.trail.receiptOf(this.logger.write(entryOf(event)));
  }

  /** Not shown to watchers, who will see the outcome. */
  override intend({ fields, ...event }: AuditEvent): Promise<AuditReceipt> {
    return this.trail.intend({
      ...event,
      level: LEVEL_OF_NEST[event.level],
      ...fields,
    } as unknown as PlainObject);
  }
}

function entryOf({
  id,
  origin,
  level,
  logger,
  message,
  action,
  metadata,
  fields,
}: AuditEvent): StructuredEntry {
  return {
    level,
    message,
    context: logger,
    params: { action, metadata, ...fields },
    audit: { id, origin },
  };
}
