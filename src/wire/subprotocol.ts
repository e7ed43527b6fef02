/**
 * The one subprotocol that the server ever selects. A page offers it beside the one that carries its credential:
 * a browser gives up when the server selects none, and selecting the other would echo the credential.
 */
export const SUBPROTOCOL = 'log-stream';
