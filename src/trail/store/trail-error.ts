/**
 * What went wrong in the audit trail.
 *
 * - `unsupported`: this Node has no `node:sqlite`; `locked`: another process or store writes to the file;
 *   `shared`: the file has another name as well, under which others could write to it; `not_a_trail`: the file is something else; `broken`: what is stored does not fit together; `key`: the key does
 *   not belong to the trail. All six at start-up only.
 * - `queue_full`, `low_space` (intents only), `full`, `io`, `read_only`, `busy`: the entry was not stored, a later
 *   one may be.
 * - `invalid_entry`: this entry can never be stored. `invalid_query`: the arguments are wrong.
 * - `replaced`, `corrupt`, `crashed`: the store has failed for good. `closed`: it was closed.
 *
 * @publicApi
 */
export type TrailErrorCode =
  | 'unsupported'
  | 'locked'
  | 'shared'
  | 'not_a_trail'
  | 'broken'
  | 'key'
  | 'queue_full'
  | 'low_space'
  | 'full'
  | 'io'
  | 'read_only'
  | 'busy'
  | 'invalid_entry'
  | 'invalid_query'
  | 'replaced'
  | 'corrupt'
  | 'crashed'
  | 'closed';

/** After these the store takes nothing more until it is opened again. */
const FINAL: ReadonlySet<TrailErrorCode> = new Set(['replaced', 'corrupt', 'crashed', 'closed']);

/**
 * An error of the audit trail.
 *
 * @publicApi
 */
export class TrailError extends Error {
  override readonly name: string = 'TrailError';

  constructor(
    readonly code: TrailErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** True when the store will not work again until it is opened anew. */
  get final(): boolean {
    return FINAL.has(this.code);
  }
}

/**
 * More entries wait for their commit than the option `trail.queue` allows.
 *
 * @publicApi
 */
export class TrailQueueFull extends TrailError {
  override readonly name = 'TrailQueueFull';

  constructor(message: string) {
    super('queue_full', message);
  }
}
