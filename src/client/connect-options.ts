import { type FilterSpec } from '../wire/filter/filter-spec.js';
import { type ReplaySpec } from '../wire/replay-spec.js';
import { type ReconnectOptions } from './backoff.js';
import { type Credential } from './credential.js';
import { type BufferOptions } from './item-queue.js';
import { type WebSocketConstructor } from './web-socket.js';

/**
 * How to watch; all of it may be left out.
 *
 * @publicApi
 */
export interface ConnectOptions {
  /** Which records; without it, what the query of the URL says, and without that, all. */
  readonly filter?: FilterSpec;
  /**
   * What to begin with: the last n records that match, or those behind the cursor of an item. Without it, what is
   * logged from now on.
   */
  readonly replay?: ReplaySpec;
  /** For `bearerToken()` of the server. A function is asked for every connection. */
  readonly token?: Credential;
  /** For `LogStreamTickets` of the server: a function, since a ticket lets in once. */
  readonly ticket?: () => string | Promise<string>;
  /**
   * Whether, and how, to come back after a connection broke or did not come about.
   * @default true
   */
  readonly reconnect?: boolean | ReconnectOptions;
  /** How far a consumer may be behind. */
  readonly buffer?: BufferOptions;
  /** Closes the client when it is aborted. */
  readonly signal?: AbortSignal;
  /**
   * What connects.
   * @default the platform's own, and in a Node that has none that of `ws`
   */
  readonly WebSocket?: WebSocketConstructor;
}
