import { Inject, Injectable } from '@nestjs/common';
import { type AuditEvent } from '../audit-event.js';
import { RecordBuilder } from '../../record/record-builder.js';

/**
 * Takes the secrets out of what leaves for a sink of the application's own: makes of an event what the stream would make of it: redacted, plain, within the limits, with the `context` fields.
 */
@Injectable()
export class AuditRedactor {
  constructor(@Inject(RecordBuilder) private readonly builder: RecordBuilder) {}

  /** @returns a copy without secrets that holds nothing but plain JSON values, and that nobody else can change */
  redacted(event: AuditEvent): AuditEvent {
    const { id, origin, level, action, metadata, fields } = event;
    const record = this.builder.build(
      {
        level,
        context: event.logger,
        message: event.message,
        text: String,
        params: { action, metadata, ...fields },
      },
      undefined,
      { id, origin },
    );
    return {
      id,
      origin,
      level,
      logger: record.logger,
      message: record.message,
      action: typeof record.action === 'string' ? record.action : action,
      metadata: isFields(record.metadata) ? record.metadata : { value: record.metadata },
      fields: record.truncated ? { ...record.extra, truncated: true } : record.extra,
    };
  }
}

function isFields(value: unknown): value is AuditEvent['metadata'] {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
