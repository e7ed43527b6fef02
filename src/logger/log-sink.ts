import { type KeptEntry } from '../record/kept-entry.js';
import { type AuditEnvelope, type CallerLocation, type LogCall } from '../record/log-call.js';

/**
 * Where the entrances hand what was logged. Declared here so that the path of a record runs one way: the
 * entrances know this port, the stream implements it.
 */
export abstract class LogSink {
  /** False when nobody keeps or watches records: the entrance then saves itself the work. */
  abstract readonly wanted: boolean;

  /** True while somebody watches live; `caller: 'watched'` looks up locations only then. */
  abstract readonly watched: boolean;

  /** True while somebody watches in a format that has a caller in each line. */
  abstract readonly callerExpected: boolean;

  /**
   * Takes one call. Must not throw: a log call never does.
   *
   * @param caller where it was made, when that is known
   * @param audit when it came by an entrance for audit records
   * @param time when it was made, in milliseconds since the epoch; now without it
   * @returns what becomes of an audit record, where somebody keeps them; `undefined` when it was not published, too
   */
  abstract accept(
    call: LogCall,
    caller?: CallerLocation,
    audit?: AuditEnvelope,
    time?: number,
  ): Promise<KeptEntry> | undefined;
}
