import { type LogRecord, StreamRecord } from '../../record/log-record.js';
import { escapeCommands } from '../safe-json.js';

/**
 * Writes the fields of a record as JSON, in the order of the wire format (docs/protocol.md), without the
 * braces. Keys are written one by one because objects cannot hold names like `404` after others.
 */
export class RecordText {
  private time = Number.NaN;
  private timestamp = '';

  private readonly write = (record: LogRecord): string =>
    escapeCommands(record.category === 'audit' ? this.audit(record) : this.system(record));

  /** Written once for groups of different filters and framings, who read the same records of the history. */
  fields(record: LogRecord): string {
    return record instanceof StreamRecord ? record.written(this.write) : this.write(record);
  }

  private system(record: LogRecord): string {
    return (
      `${this.head(record)}${field('module', record.module)}${field('function', record.function)}` +
      `${field('line', record.line)}${tail(record)}`
    );
  }

  private audit(record: LogRecord): string {
    return `${this.head(record)}${field('action', record.action)}${field('metadata', record.metadata)}${tail(record)}`;
  }

  private head(record: LogRecord): string {
    // Formatting a date costs more than the rest of a record; many share a millisecond.
    if (record.time !== this.time) {
      this.time = record.time;
      this.timestamp = record.timestamp;
    }
    return (
      `"timestamp":"${this.timestamp}","level":"${record.level}",` +
      `"logger":${JSON.stringify(record.logger)},"message":${JSON.stringify(record.message)}`
    );
  }
}

function field(name: string, value: unknown): string {
  return value === undefined ? '' : `,"${name}":${JSON.stringify(value)}`;
}

function tail(record: LogRecord): string {
  const extra = JSON.stringify(record.extra);
  const fields = extra === '{}' ? '' : `,${extra.slice(1, -1)}`;
  return `${fields}${field('error', record.error)}${record.truncated ? ',"truncated":true' : ''}`;
}
