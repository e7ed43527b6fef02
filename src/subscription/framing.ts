import { type LogRecord } from '../record/log-record.js';

/** How records become bytes on a transport. Clients with the same framing share the bytes. */
export interface Framing {
  /** Makes one record ready to be framed; asked for once per record and group. */
  encode(record: LogRecord): Buffer;

  /** Joins encoded records into what one write sends. */
  join(encoded: readonly Buffer[]): Buffer;
}
