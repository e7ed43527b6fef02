import { type ServerResponse } from 'node:http';
import { type Framing } from '../../subscription/framing.js';
import { type ServerMessage } from '../../wire/server-message.js';
import { type Transport } from '../session/transport.js';
import { type StreamFormat } from './stream-format.js';

/** What Node keeps to itself: bytes of a write that the operating system has not taken. */
interface Internals {
  readonly _handle?: { readonly writeQueueSize?: number } | null;
}

/** Writes a stream into the response to a request, whose headers are written already. */
export class HttpTransport implements Transport {
  /** Who waits until the client can take more. */
  private waiting: (() => void) | undefined;

  constructor(
    private readonly response: ServerResponse,
    private readonly format: StreamFormat,
    /**
     * Whether the client came back with a cursor. It keeps that one until it has been told what became of it: a
     * newer one, should the connection break before, would hide what was missed.
     */
    private readonly resumes: boolean,
  ) {}

  get backlog(): number {
    return this.response.writableLength;
  }

  get unsent(): number {
    const socket = this.response.socket as Internals | null;
    return this.response.writableLength + (socket?._handle?.writeQueueSize ?? 0);
  }

  /** Whoever gets a stream over HTTP is told of gaps: there is but one kind of client. */
  framing(): Framing {
    return this.format;
  }

  write(bytes: Buffer): void {
    this.put(bytes);
  }

  send(message: ServerMessage, cursor?: string): void {
    if (message.type === 'hello') this.put(this.format.greeting(this.resumes ? undefined : cursor));
    else this.put(this.format.message(message, cursor));
  }

  heartbeat(cursor: string): void {
    this.put(this.format.heartbeat(cursor));
  }

  whenWritable(resume: () => void): void {
    const waits = this.waiting !== undefined;
    this.waiting = resume;
    if (waits || !this.open) return;
    // Never at once: whoever asks is in the middle of something.
    if (this.response.writableNeedDrain) this.response.once('drain', () => this.drained());
    else setImmediate(() => this.drained());
  }

  close(): void {
    if (this.open) this.response.end();
  }

  destroy(): void {
    this.response.destroy();
  }

  private get open(): boolean {
    return !this.response.destroyed && !this.response.writableEnded;
  }

  private put(chunk: Buffer | string): void {
    if (!this.open) return;
    const { socket } = this.response;
    const corked = socket?.writableCorked;
    try {
      this.response.write(chunk);
      // Node holds it back until the next tick: a burst within this one would look like a client that does not read.
      if (corked === 0 && socket!.writableCorked > 0) socket!.uncork();
    } catch {
      // The app's middleware may have put a `write` of its own in place. The client can come back and resume.
      this.destroy();
    }
  }

  private drained(): void {
    const resume = this.waiting;
    this.waiting = undefined;
    if (this.open) resume?.();
  }
}
