// Part of every page that uses the client, so they are short.

export const invalidUrl = (url: string): string =>
  `connect() takes ws://, wss://, http:// or https://, and in a page a path, not '${url}'.`;

export const NO_WEB_SOCKET = 'No WebSocket: install `ws`, or pass the option `WebSocket`.';

export const UNSENDABLE_CREDENTIAL =
  'A subprotocol cannot carry this token: encode it as base64url, or send a header by `WebSocket`.';

export const CREDENTIAL_FAILED = '`token` or `ticket` failed, or was late.';

export const refused = (status: number): string => `Refused with ${status}${HINTS[status] ?? '.'}`;

const HINTS: Readonly<Record<number, string>> = {
  400: ': check the query of the URL.',
  401: ': check the token.',
  403: ': this client may see nothing, or its origin is not in `allowedOrigins`.',
};

export const closedByServer = (code: number, reason = ''): string => `Closed with ${code}: ${reason}`;

/** @param detail what is known of the reason; two addresses that both refused have a code only */
export const neverOpen = (detail: {
  readonly message?: string;
  readonly error?: { readonly code?: string };
}): string => {
  const known = detail.message || detail.error?.code;
  return `Could not connect${known ? `: ${known}` : ''}.`;
};

export const CUT = 'The connection was cut.';
export const SILENT = 'The server was silent.';
export const NOT_CONNECTED = 'Not connected now.';
export const CLOSED = 'The client was closed.';
export const RESTARTED = 'The application has restarted: earlier records are gone.';

export const tooLarge = (bytes: number): string => `The server takes messages of at most ${bytes} bytes.`;

export const unsupportedVersion = (version: number): string => `The server speaks version ${version}, not 1.`;
