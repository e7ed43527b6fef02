import { type LogRecord } from '../record/log-record.js';

/** How records become bytes on a transport. Clients with the same framing and filter share the bytes. */
export interface Framing {
  /** Tells framings apart: equal names make equal bytes. */
  readonly name: string;

  /** True where the format has the caller in each line. */
  readonly hasCallers?: boolean;

  /**
   * Makes one record ready to be framed.
   *
   * @param epoch of the record, where it is not this start of the application
   */
  encode(record: LogRecord, epoch?: string): Buffer;

  /**
   * Joins encoded records into what one write sends.
   *
   * @param next the position after the last of them
   * @param epoch of the records, where it is not this start of the application
   */
  join(encoded: readonly Buffer[], next: number, epoch?: string): Buffer;
}
