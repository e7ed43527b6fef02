import { type Framing } from '../../subscription/framing.js';
import { type ServerMessage } from '../../wire/server-message.js';

/** How a stream over HTTP is written: records, as with any framing, and what one client alone is sent. */
export interface StreamFormat extends Framing {
  readonly contentType: string;

  /** The first thing a client gets. @param cursor what it needs in order to resume, unless it has one already */
  greeting(cursor: string | undefined): string;

  /** Shows that the application is alive, and moves the client over records that its filter held back. */
  heartbeat(cursor: string): string;

  /** @param cursor where who has read the message stands, if it moves the client on */
  message(message: ServerMessage, cursor: string | undefined): string;
}
