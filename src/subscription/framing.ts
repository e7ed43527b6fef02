import { type LogRecord } from '../record/log-record.js';

/** How records become bytes on a transport. Clients with the same framing and filter share the bytes. */
export interface Framing {
  /** Tells framings apart: equal names make equal bytes. */
  readonly name: string;

  /** Makes one record ready to be framed. */
  encode(record: LogRecord): Buffer;

  /**
   * Joins encoded records into what one write sends.
   *
   * @param next the position after the last of them
   */
  join(encoded: readonly Buffer[], next: number): Buffer;
}
