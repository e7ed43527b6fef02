/** What can be wrong with a message of a client; the `code` of an `error` answer. */
export type ClientErrorCode =
  | 'binary_message'
  | 'invalid_json'
  | 'invalid_message'
  | 'unknown_event'
  | 'hello_required'
  | 'unsupported_version'
  | 'invalid_format'
  | 'invalid_filter'
  | 'invalid_replay'
  | 'invalid_query'
  | 'invalid_range'
  | 'too_slow'
  | 'trail_unavailable';

/** A message of a client that was not accepted. It changed nothing. */
export class ClientError extends Error {
  override readonly name = 'ClientError';

  constructor(
    readonly code: ClientErrorCode,
    message: string,
    /** Where in the message the mistake is, as `data.filter.levels[1]`. */
    readonly path?: string,
  ) {
    super(message);
  }
}
