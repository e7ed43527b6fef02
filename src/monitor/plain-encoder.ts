import { type LogRecord } from '../record/log-record.js';

/**
 * Writes the plain wire format (DESIGN.md, section 2), to the letter: these keys in this order, then the extra
 * fields. Keys are written one by one because objects cannot hold names like `404` after others.
 */
export class PlainEncoder {
  private time = Number.NaN;
  private timestamp = '';

  encode(record: LogRecord): string {
    return record.category === 'audit'
      ? `{"type":"audit_log","data":{${this.head(record)}${field('action', record.action)}` +
          `${field('metadata', record.metadata)}${tail(record)}}}`
      : `{"type":"system_log","data":{${this.head(record)}${field('module', record.module)}` +
          `${field('function', record.function)}${field('line', record.line)}${tail(record)}}}`;
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
