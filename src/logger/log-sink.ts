import { type LogCall } from './log-call.js';

/**
 * Where the entrances hand what was logged. Declared here so that the path of a record runs one way: the
 * entrances know this port, the stream implements it.
 */
export abstract class LogSink {
  /** False when nobody keeps or watches records: the entrance then saves itself the work. */
  abstract readonly wanted: boolean;

  /** True while somebody watches live; `caller: 'watched'` looks up locations only then. */
  abstract readonly watched: boolean;

  /** Takes one call. Must not throw: a log call never does. */
  abstract accept(call: LogCall): void;
}
