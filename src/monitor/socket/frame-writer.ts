import { type Socket } from 'node:net';
import { inflateRawSync } from 'node:zlib';
import { type WebSocket } from 'ws';
import { framesOf } from '../protocol/web-socket-frames.js';

/** How often a socket that hides its internals is asked whether it can take more, in milliseconds. */
const POLL_MS = 25;

/** The window that deflate uses here, as its power of two; RFC 7692, section 7.1.2.1, lets a client ask for less. */
const WINDOW_BITS = 15;

/** What `ws` keeps to itself and this file alone uses, where it is there. */
interface Internals {
  readonly _socket?: Pick<Socket, 'writableNeedDrain' | 'once' | 'destroy' | 'bytesWritten'> & {
    readonly _handle?: { readonly writeQueueSize?: number } | null;
  };
  readonly _sender?: {
    /** 0 when no message is being compressed or waiting to be: only then may a frame be written. */
    readonly _state?: number;
    readonly sendFrame?: (list: readonly Buffer[]) => void;
  };
  /** What was negotiated, by the name of the extension. */
  readonly _extensions?: Readonly<
    Record<string, { readonly params?: { readonly server_max_window_bits?: number } } | undefined>
  >;
}

/**
 * Writes ready frames to a WebSocket.
 *
 * Handing `ws` one message after the other costs a system call each; its sender takes many frames as one buffer.
 * That is not documented, so it is looked for, and without it every message is sent the public way.
 */
export class FrameWriter {
  /** Who waits until the client can take more. */
  private waiting: (() => void) | undefined;

  constructor(private readonly client: WebSocket) {}

  get backlog(): number {
    return this.client.bufferedAmount;
  }

  /** Changes whenever the peer takes something, also a part of one large write, as over a slow link. */
  get unsent(): number {
    return this.client.bufferedAmount + ((this.client as Internals)._socket?._handle?.writeQueueSize ?? 0);
  }

  /** Bytes that were given to the connection up to now. */
  get bytesSent(): number {
    return (this.client as Internals)._socket?.bytesWritten ?? 0;
  }

  get open(): boolean {
    return this.client.readyState === this.client.OPEN;
  }

  /**
   * Whether the client can read deflated messages that are shared with others: it negotiated permessage-deflate,
   * and with the full window. One with a smaller window gets the messages as they are.
   */
  get inflates(): boolean {
    const negotiated = (this.client as Internals)._extensions?.['permessage-deflate']?.params;
    return negotiated !== undefined && (negotiated.server_max_window_bits ?? WINDOW_BITS) >= WINDOW_BITS;
  }

  write(bytes: Buffer): void {
    if (!this.open) return;
    try {
      const { _sender: sender } = this.client as Internals;
      if (sender?.sendFrame && sender._state === 0) sender.sendFrame([bytes]);
      else this.sendEach(bytes);
    } catch {
      // Whatever is wrong with it, it has missed records: it may come back and start anew.
      this.destroy();
    }
  }

  /** Sends one message of its own, never compressed, so that frames behind it need not wait. */
  text(message: string): void {
    if (!this.open) return;
    try {
      this.client.send(message, { compress: false }, () => {});
    } catch {
      this.destroy();
    }
  }

  whenWritable(resume: () => void): void {
    const waits = this.waiting !== undefined;
    this.waiting = resume;
    // One listener, however often a client that reads nothing pauses and resumes.
    if (!waits) this.awaitDrain();
  }

  /** Ends the connection without waiting for the peer. */
  destroy(): void {
    const { _socket: socket } = this.client as Internals;
    // `terminate()` with many queued writes blocks Node 20 for hundreds of milliseconds.
    if (socket) socket.destroy();
    else this.client.terminate();
  }

  private awaitDrain(): void {
    if (!this.open) return;
    const { _socket: socket } = this.client as Internals;
    if (socket?.writableNeedDrain) socket.once('drain', () => this.drained());
    else if (socket || this.client.bufferedAmount === 0) setImmediate(() => this.drained());
    else setTimeout(() => this.awaitDrain(), POLL_MS).unref();
  }

  private drained(): void {
    const resume = this.waiting;
    this.waiting = undefined;
    resume?.();
  }

  private sendEach(bytes: Buffer): void {
    for (const { payload, compressed } of framesOf(bytes)) {
      const text = compressed ? inflateRawSync(payload, { finishFlush: 2 }) : payload;
      this.client.send(text, { binary: false, compress: compressed }, () => {});
    }
  }
}
