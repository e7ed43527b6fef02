import { type ClosingData, type LimitsData } from '../wire/server-message.js';
import { CUT, neverOpen, SILENT, tooLarge } from './client.messages.js';
import { ABNORMAL, type ConnectionEnd, lost } from './connection-end.js';
import { complaint, LogStreamError } from './log-stream-error.js';
import { MessagePace } from './message-pace.js';
import { parseFrame, type ReplyData, type ServerFrame } from './server-frame.js';
import { SilenceWatch } from './silence-watch.js';
import { type NodeWebSocket, type WebSocketLike } from './web-socket.js';

/** How long the server has to answer a close, in milliseconds. */
const CLOSE_DEADLINE_MS = 1_000;

/** Gets the answer to one message, at the moment when it comes: in its place among the records. */
export type Answer = (answer: ReplyData | LogStreamError) => void;

/** What Node says of a connection that did not come about; browsers say nothing. */
export interface SocketError {
  readonly message?: string;
  readonly error?: { readonly code?: string };
}

/** One WebSocket: messages with their answers, and whether there is still somebody at the other end. */
export class Connection {
  private readonly answers = new Map<number, Answer>();
  private readonly watch: SilenceWatch;
  private pace: MessagePace | undefined;
  private limits: LimitsData | undefined;
  private lastId = 0;
  private opened = false;
  private over = false;
  private closing: ClosingData | undefined;
  private refusal: Pick<ConnectionEnd, 'status' | 'retryAfterMs'> = {};
  private deadline: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly socket: WebSocketLike,
    private readonly received: (frame: ServerFrame, size: number) => void,
    private readonly ended: (end: ConnectionEnd) => void,
  ) {
    this.watch = new SilenceWatch(
      () => this.request('ping', undefined, 0, () => {}),
      () => this.abandon(SILENT),
    );
    // oxlint-disable unicorn/prefer-add-event-listener -- no type of it fits the WebSockets of all platforms
    socket.onopen = () => (this.opened = true);
    socket.onmessage = ({ data }: { readonly data: unknown }) => this.message(data);
    socket.onclose = ({ code, reason }: { readonly code: number; readonly reason: string }) =>
      this.end(code, reason);
    // Node 22's own does not say `close` when it could not connect.
    socket.onerror = (event: SocketError) => this.opened || this.end(ABNORMAL, neverOpen(event));
    // oxlint-enable unicorn/prefer-add-event-listener
    this.watchRefusal(socket as Partial<NodeWebSocket>);
  }

  /** The server has told what it takes. */
  greeted(limits: LimitsData): void {
    this.limits = limits;
    this.pace = new MessagePace(limits, (text) => this.socket.send(text));
  }

  /** @param reserve part of the server's limit on messages that this one must leave to others */
  request(event: string, data: unknown, reserve: number, answer: Answer): void {
    if (!this.pace || this.over) return answer(lost());
    const id = (this.lastId += 1);
    const text = JSON.stringify({ event, data, id });
    const { message_bytes: most } = this.limits!;
    if (new TextEncoder().encode(text).length > most) {
      return answer(new LogStreamError('message_too_large', tooLarge(most)));
    }
    this.answers.set(id, answer);
    this.pace.send(text, reserve);
  }

  /** Says goodbye. */
  close(): void {
    if (this.over) return;
    this.deadline ??= setTimeout(() => this.abandon(''), CLOSE_DEADLINE_MS);
    this.socket.close(1000);
  }

  /** Does not wait for the other end. */
  abandon(reason: string): void {
    const { terminate } = this.socket as Partial<NodeWebSocket>;
    if (terminate) terminate.call(this.socket);
    else this.socket.close();
    this.end(ABNORMAL, reason);
  }

  private message(data: unknown): void {
    if (this.over) return;
    this.watch.heard();
    const frame = parseFrame(data);
    if (!frame) return;
    if (frame.type === 'closing') this.closing = frame.data;
    const answer = this.answers.get(frame.id as number);
    if (!answer) return this.received(frame, (data as string).length);
    this.answers.delete(frame.id as number);
    if (frame.type === 'error') {
      answer(complaint(frame.data));
    } else {
      answer(frame.data as ReplyData);
    }
  }

  private end(code: number, reason: string): void {
    if (this.over) return;
    this.over = true;
    this.watch.stop();
    this.pace?.stop();
    clearTimeout(this.deadline);
    const end: ConnectionEnd = {
      code,
      reason: reason || (code === ABNORMAL ? CUT : ''),
      ...this.refusal,
      closing: this.closing,
    };
    for (const answer of this.answers.values()) answer(lost(end));
    this.answers.clear();
    this.ended(end);
  }

  /** Where the WebSocket is that of `ws`, the status of a refusal can be seen. */
  private watchRefusal(socket: Partial<NodeWebSocket>): void {
    socket.on?.('unexpected-response', (_request, { statusCode, headers }) => {
      const retryAfterMs = Number(headers['retry-after']) * 1_000;
      this.refusal = { status: statusCode, retryAfterMs: retryAfterMs || 0 };
      // `ws` leaves the rest to who listens.
      this.abandon('');
    });
  }
}
