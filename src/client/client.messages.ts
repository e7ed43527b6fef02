export const invalidUrl = (url: string): string =>
  `'${url}' is no URL to watch: connect() takes ws://, wss://, http:// or https://, and in a page also a path.`;

export const NO_WEB_SOCKET =
  'There is no WebSocket here. Install `ws`, or pass a constructor as the option `WebSocket` of connect().';

export const UNSENDABLE_CREDENTIAL =
  'The token holds characters that a WebSocket subprotocol may not (spaces, / = , and the like). ' +
  'Encode it as base64url, or send it in a header by a constructor of your own as the option `WebSocket`.';

export const NO_CREDENTIAL = 'The option `token` or `ticket` of connect() gave no text.';

export const credentialFailed = (name: string): string => `The option \`${name}\` of connect() failed.`;

export const NOT_AUTHORIZED = 'The server does not let this client watch (401): check the token.';
export const FORBIDDEN =
  'The server does not let this client watch (403): it may see nothing, or its page comes from an origin that is ' +
  'not in `allowedOrigins`.';

export const refused = (status: number): string =>
  status === 400
    ? 'The server refused the connection with 400: check the query of the URL.'
    : `The server refused the connection with ${status}.`;

export const closedByServer = (code: number, reason: string): string =>
  `The server closed the connection with ${code}${reason && `: ${reason}`}.`;

export const NEVER_OPEN = 'The connection did not come about.';
export const CUT = 'The connection was cut.';
export const SILENT = 'The server was silent for too long.';

export const NOT_CONNECTED = 'There is no connection at the moment.';
export const CLOSED = 'The client was closed.';
export const RESTARTED =
  'The application has restarted: what was asked for belongs to an earlier run, whose records are gone.';

export const tooLarge = (bytes: number): string => `The server takes messages of at most ${bytes} bytes.`;

export const unsupportedVersion = (version: unknown): string =>
  `The server speaks version ${String(version)} of the protocol, this client version 1.`;
