import { type KeptEntry } from '../record/kept-entry.js';
import { type LogRecord } from '../record/log-record.js';

/** A place in the stream of one start of the application; positions mean nothing without their epoch. */
export interface StreamPlace {
  readonly epoch: string;
  readonly position: number;
}

/** An audit record of this start of the application or of an earlier one. */
export interface KeptRecord {
  readonly epoch: string;
  readonly record: LogRecord;
}

export interface KeptPage {
  readonly records: readonly KeptRecord[];
  /** False when some that stood behind the place were deleted since. */
  readonly complete: boolean;
}

/**
 * Keeps audit records for longer than the history does. Declared here so that the path of a record runs one way:
 * the stream knows this port, the durable trail implements it.
 */
export abstract class AuditKeeper {
  /**
   * Takes one record, as soon as it has its position. Must not throw: a log call never does.
   *
   * @returns never rejects; nobody need await it
   */
  abstract keep(record: LogRecord): Promise<KeptEntry>;

  /**
   * Reads the kept records from a place on, in their order and across restarts.
   *
   * @param limit most records of one answer; a shorter one holds everything that was published before the call
   * @returns `undefined` when the epoch is none that this keeper has seen
   */
  abstract read(from: StreamPlace, limit: number): Promise<KeptPage | undefined>;
}
