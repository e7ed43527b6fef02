import { type ClientErrorCode } from '../wire/client-error.js';
import { type ErrorData } from '../wire/server-message.js';

/**
 * What went wrong: a code of the server's (docs/protocol.md), or one of the client's own.
 *
 * @publicApi
 */
export type LogStreamErrorCode =
  | ClientErrorCode
  /** The server refused the connection with 401, or closed it because the permission ended or was withdrawn. */
  | 'not_authorized'
  | 'expired'
  | 'revoked'
  /** The server refused the connection with 403. */
  | 'forbidden'
  /** The server refused the connection otherwise; `status` says how. */
  | 'refused'
  /** There was no connection, or it broke; `closeCode` says how. */
  | 'connection_lost'
  /** The server closed the connection and does not want this client back. */
  | 'rejected'
  /** The option `token` or `ticket` threw, or gave what cannot be sent. */
  | 'invalid_credential'
  /** There is no connection now. */
  | 'not_connected'
  /** What was asked for belongs to an earlier run of the application. */
  | 'restarted'
  /** The message is larger than the server takes. */
  | 'message_too_large'
  /** Neither the platform nor the option `WebSocket` has one. */
  | 'no_web_socket'
  /** The client was closed. */
  | 'closed';

/** @publicApi */
export interface LogStreamErrorDetails {
  readonly path?: string;
  readonly status?: number;
  readonly closeCode?: number;
  readonly cause?: unknown;
}

/**
 * What `ready`, `setFilter` and the others reject with, and an iteration throws.
 *
 * @publicApi
 */
export class LogStreamError extends Error {
  override readonly name = 'LogStreamError';
  /** Where in what was asked for the mistake is, as `data.filter.levels[1]`. */
  declare readonly path: string | undefined;
  /** HTTP status of the refusal; unknown in browsers, which keep it to themselves. */
  declare readonly status: number | undefined;
  /** Close code of the WebSocket. */
  declare readonly closeCode: number | undefined;

  constructor(
    readonly code: LogStreamErrorCode,
    message: string,
    { cause, ...details }: LogStreamErrorDetails = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    // Not field by field: the client is part of every page that uses it, and counts its bytes.
    Object.assign(this, details);
  }
}

/** What the server complains about. */
export function complaint({ code, message, path }: ErrorData): LogStreamError {
  return new LogStreamError(code as ClientErrorCode, message, { path });
}
