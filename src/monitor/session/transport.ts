import { type Framing } from '../../subscription/framing.js';
import { type Outlet } from '../../subscription/outlet.js';
import { type ServerMessage } from '../../wire/server-message.js';

/**
 * What a session needs of the connection to its client: a WebSocket, or the response to a request. No method throws;
 * on a connection that is closed they do nothing.
 */
export interface Transport extends Pick<Outlet, 'backlog' | 'write' | 'whenWritable'> {
  /** Changes whenever the peer takes something, also a part of one large write, as over a slow link. */
  readonly unsent: number;

  /** How records are written to this client. */
  framing(extended: boolean): Framing;

  /**
   * Sends a message to this client alone, behind what was written before.
   *
   * @param cursor where who has read it stands, if it moves the client on
   */
  send(message: ServerMessage, cursor?: string): void;

  /** Ends the connection in the way of its protocol, behind what was written before. */
  close(code: number, reason: string): void;

  /** Ends the connection without waiting for the peer. */
  destroy(): void;
}
