import { connect } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');
const EMPTY = Buffer.alloc(0);

/**
 * A kept-alive HTTP connection with one request under way. Bare, because Node's own client takes more CPU for a
 * request than the fastest of the servers takes to answer it: the closed loop would measure the client.
 */
export class HttpConnection {
  #socket;
  #request;
  #answered;
  #received = EMPTY;

  /**
   * @param {number} port
   * @param {string} path
   * @param {(error: Error) => void} broken called when an answer is not what it must be
   */
  constructor(port, path, broken) {
    this.#request = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: keep-alive\r\n\r\n`;
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.on('data', (chunk) => {
      try {
        this.#read(chunk);
      } catch (error) {
        broken(error);
      }
    });
    this.#socket.on('error', broken);
    this.#socket.on('close', () => this.#answered && broken(new Error('The server closed a connection')));
  }

  /** @param {() => void} answered called when the whole answer has arrived */
  send(answered) {
    this.#answered = answered;
    this.#socket.write(this.#request);
  }

  close() {
    this.#answered = undefined;
    this.#socket.destroy();
  }

  #read(chunk) {
    const bytes = this.#received.length > 0 ? Buffer.concat([this.#received, chunk]) : chunk;
    const headEnd = bytes.indexOf(HEAD_END);
    if (headEnd >= 0) {
      const head = bytes.toString('latin1', 0, headEnd);
      const length = /\r\ncontent-length: (\d+)/i.exec(head);
      if (!head.startsWith('HTTP/1.1 200 ') || !length) throw new Error(`An unexpected answer: ${head}`);
      const end = headEnd + HEAD_END.length + Number(length[1]);
      if (bytes.length > end) throw new Error('More arrived than was asked for');
      if (bytes.length === end) {
        const answered = this.#answered;
        this.#received = EMPTY;
        this.#answered = undefined;
        return answered?.();
      }
    }
    this.#received = bytes;
  }
}
