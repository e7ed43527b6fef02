import { type LogStreamError } from './log-stream-error.js';

/**
 * What a client is doing.
 *
 * @publicApi
 */
export type ConnectionState =
  /** @property attempt 1 for the first, and again after a connection that worked */
  | { readonly name: 'connecting'; readonly attempt: number }
  /** Connected, reading what was asked for or missed. */
  | { readonly name: 'catching_up' }
  | { readonly name: 'live' }
  /** The server keeps the place. By `backpressure` when a consumer does not keep up, until it has. */
  | { readonly name: 'paused'; readonly by: 'caller' | 'backpressure' }
  /** Not connected; the next attempt is made `at` (milliseconds since the epoch). */
  | {
      readonly name: 'waiting';
      readonly at: number;
      readonly attempt: number;
      readonly error: LogStreamError;
    }
  /** For good: by its caller, or because of an `error` that another attempt does not mend. */
  | { readonly name: 'closed'; readonly error?: LogStreamError };
