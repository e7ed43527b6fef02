import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { Arrivals } from './arrivals.js';
import { FrameDecoder, OPCODES, type RawFrame } from './frames.js';

/**
 * A WebSocket client made of a bare TCP socket: it can stop reading, break the protocol, and never answers a
 * ping or a close.
 */
export class RawClient implements AsyncDisposable {
  readonly frames: RawFrame[] = [];
  readonly gone: Promise<void>;
  private readonly decoder = new FrameDecoder();
  private readonly arrivals = new Arrivals();

  private constructor(
    readonly socket: Socket,
    /** The status line and headers of the answer to the handshake. */
    readonly answer: string,
    first: Buffer,
  ) {
    this.gone = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.once('close', () => this.arrivals.end());
    socket.on('error', () => {});
    socket.on('data', (bytes: Buffer) => this.receive(bytes));
    this.receive(first);
    socket.resume();
  }

  /** @returns after the answer to the handshake, whatever it is */
  static connect(
    port: number,
    path = '/ws/monitor',
    headers: Record<string, string> = {},
    localAddress?: string,
  ): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', localAddress });
      socket.once('error', reject);
      socket.once('connect', () => socket.write(handshake(port, path, headers)));
      let received = Buffer.alloc(0);
      const read = (bytes: Buffer): void => {
        received = Buffer.concat([received, bytes]);
        const end = received.indexOf('\r\n\r\n');
        if (end < 0) return;
        socket.off('data', read);
        socket.off('error', reject);
        socket.pause();
        resolve(new RawClient(socket, received.subarray(0, end).toString(), received.subarray(end + 4)));
      };
      socket.on('data', read);
      socket.once('close', () => reject(new Error('the server closed before it answered')));
    });
  }

  get status(): number {
    return Number(this.answer.split(' ')[1]);
  }

  get texts(): string[] {
    return this.frames.filter(({ opcode }) => opcode === OPCODES.text).map(({ payload }) => String(payload));
  }

  /** Code of the close frame that the server sent. */
  get closeCode(): number | undefined {
    const close = this.frames.find(({ opcode }) => opcode === OPCODES.close);
    return close?.payload.readUInt16BE(0);
  }

  /** Stops reading: the kernel's buffers fill up, then the server's. */
  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  write(bytes: Buffer): void {
    this.socket.write(bytes);
  }

  until(condition: () => boolean): Promise<void> {
    return this.arrivals.until(condition);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy();
    await this.gone;
  }

  private receive(bytes: Buffer): void {
    this.frames.push(...this.decoder.push(bytes));
    this.arrivals.note();
  }
}

function handshake(port: number, path: string, headers: Record<string, string>): string {
  const all: Record<string, string> = {
    Host: `127.0.0.1:${port}`,
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    'Sec-WebSocket-Version': '13',
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
}
