import { type Socket } from 'node:net';
import { WebSocket } from 'ws';
import { type Outlet } from '../subscription/outlet.js';
import { payloadsOf } from './web-socket-frames.js';

/** How often a socket that hides its internals is asked whether it can take more. */
const POLL_MS = 25;

/** What `ws` keeps to itself and this file alone uses, where it is there. */
interface Internals {
  readonly _socket?: Pick<Socket, 'writableNeedDrain' | 'once' | 'destroy'>;
  readonly _sender?: {
    /** 0 when no message is being compressed or waiting to be: only then may a frame be written. */
    readonly _state?: number;
    readonly sendFrame?: (list: readonly Buffer[]) => void;
  };
}

/**
 * Writes ready frames to a WebSocket.
 *
 * Handing `ws` one message after the other costs a system call each; its sender takes many frames as one buffer.
 * That is not documented, so it is looked for, and without it every message is sent the public way.
 */
export class WebSocketOutlet implements Outlet {
  constructor(
    private readonly client: WebSocket,
    private readonly onOvertaken: () => void,
  ) {}

  get backlog(): number {
    return this.client.bufferedAmount;
  }

  write(bytes: Buffer): void {
    if (this.client.readyState !== WebSocket.OPEN) return;
    try {
      const { _sender: sender } = this.client as Internals;
      if (sender?.sendFrame && sender._state === 0) sender.sendFrame([bytes]);
      else for (const payload of payloadsOf(bytes)) this.client.send(payload, { binary: false });
    } catch {
      // Whatever is wrong with it, it has missed records: it may come back and start anew.
      this.destroy();
    }
  }

  whenWritable(resume: () => void): void {
    if (this.client.readyState !== WebSocket.OPEN) return;
    const { _socket: socket } = this.client as Internals;
    if (socket?.writableNeedDrain) socket.once('drain', resume);
    else if (socket || this.client.bufferedAmount === 0) setImmediate(resume);
    else setTimeout(() => this.whenWritable(resume), POLL_MS).unref();
  }

  overtaken(): void {
    this.onOvertaken();
  }

  /** Ends the connection without waiting for the peer. */
  destroy(): void {
    const { _socket: socket } = this.client as Internals;
    // `terminate()` with many queued writes blocks Node 20 for hundreds of milliseconds.
    if (socket) socket.destroy();
    else this.client.terminate();
  }
}
