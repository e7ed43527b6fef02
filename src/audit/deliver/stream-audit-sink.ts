import { Inject, Injectable } from '@nestjs/common';
import { LogStreamLogger } from '../../logger/log-stream-logger.js';
import { type AuditEvent, type AuditReceipt } from '../audit-event.js';
import { AuditSink } from './audit-sink.js';

/** The default sink: the record goes where every log line goes, to the inner logger and to the stream. */
@Injectable()
export class StreamAuditSink extends AuditSink {
  override readonly redacts = true;

  constructor(@Inject(LogStreamLogger) private readonly logger: LogStreamLogger) {
    super();
  }

  async record(event: AuditEvent): Promise<AuditReceipt> {
    const { id, origin, level, message, action, metadata, fields } = event;
    this.logger.write({
      level,
      message,
      context: event.logger,
      params: { action, metadata, ...fields },
      audit: { id, origin },
    });
    return { id };
  }
}
