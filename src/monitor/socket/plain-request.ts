import { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Duplex } from 'node:stream';

/** What Node keeps to itself: the answer on a connection that is not finished yet. */
interface Internals {
  readonly _httpMessage?: ServerResponse | null;
}

/**
 * Gives a request that asked to upgrade back to the server as the plain request that it is where nobody listens for
 * upgrades: Node asks whether anybody listens, not on which path, so that one listener would keep the app from answering
 * clients that always ask, as Java's for HTTP/2 without TLS (`Upgrade: h2c`).
 *
 * @param head what was read behind the head of the request
 */
export function answerAsPlainRequest(
  server: Server,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  afterPending(socket, () => {
    if (socket.destroyed) return;
    socket.unshift(Buffer.concat([headOf(request), head]));
    server.emit('encrypted' in socket ? 'secureConnection' : 'connection', socket);
  });
}

/** A client may send this request before it has the answer to the last one, which is to come first. */
function afterPending(socket: Duplex, then: () => void): void {
  const pending = (socket as Internals)._httpMessage;
  if (pending) pending.once('close', () => setImmediate(() => afterPending(socket, then)));
  else then();
}

/** The head as it came, in the bytes in which it came, without the wish to upgrade. */
function headOf({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    if (name.toLowerCase() !== 'upgrade') lines.push(`${name}: ${rawHeaders[index + 1]}`);
  }
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}
