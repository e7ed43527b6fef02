import { type RawData } from 'ws';
import { HIGH_WATER_MARK } from '../../subscription/outlet.js';
import { ClientError } from '../../wire/client-error.js';
import {
  type ClientMessage,
  type ClientRequest,
  parseMessage,
  parseRequest,
} from '../protocol/client-message.js';
import { seenCategories } from '../../subscription/filter/seen-categories.js';
import { type Farewell, sentTooMuch, UNREAD } from '../session/farewell.js';
import { historyAnswer, type HistoryRange } from '../protocol/history-answer.js';
import { keptAnswer } from '../protocol/kept-answer.js';
import { MessageRate } from '../protocol/message-rate.js';
import { type MonitorContext } from '../session/monitor-context.js';
import { type FilterSpec } from '../../wire/filter/filter-spec.js';
import { type ReplaySpec } from '../../wire/replay-spec.js';
import { type ServerMessage } from '../../wire/server-message.js';
import { safeJson } from '../safe-json.js';

/** The client that asks. */
export interface Requester {
  /** Whether the server has said goodbye. */
  readonly closing: boolean;
  /** Whether the client opted in to more than the plain format. */
  readonly extended: boolean;
  /** Bytes that were written to it and not taken yet. */
  readonly backlog: number;
  /** Names the position of the next record that it will get. */
  readonly cursor: string;
  /** All that a record must pass before it may learn of it. */
  readonly filters: readonly FilterSpec[];
  extend(id: Id): void;
  subscribe(filter: FilterSpec, replay: ReplaySpec | undefined, begins: (cursor: string) => void): void;
  /** What it is given its records by. */
  readonly watcher: { pause(): void; resume(): void };
  send(message: ServerMessage): void;
  sendText(json: string): void;
  close(farewell: Farewell): void;
}

type Id = Pick<ClientMessage, 'id'>;

/** Pings, and pongs that nobody asked for, have a limit of their own: `ws` answers each, and tools send them unasked. */
const CONTROL_FRAMES = { count: 100, windowMs: 10_000 };

/**
 * Backlog of a client, in bytes, over which it gets no answer any more. Records stop at the high-water mark: what is
 * above are answers to somebody who asks and asks and does not read.
 */
const ANSWERS_MARK = 2 * HIGH_WATER_MARK;

/** Answers what one client sends: every message gets an answer, and none is read past the limit. */
export class RequestHandler {
  private readonly rate: MessageRate;
  private readonly controlRate = new MessageRate(CONTROL_FRAMES);
  /** Answers that are read from the audit trail come one after the other. */
  private reading = Promise.resolve();

  constructor(
    private readonly session: Requester,
    private readonly context: MonitorContext,
  ) {
    this.rate = new MessageRate(context.limits.messages);
  }

  receive(data: RawData, isBinary: boolean): void {
    // What was on its way when the server said goodbye.
    if (this.session.closing) return;
    if (!this.rate.accepts()) return this.session.close(sentTooMuch(this.context.limits.messages));
    if (this.session.backlog > ANSWERS_MARK) return this.session.close(UNREAD);
    let id: Id = {};
    try {
      const message = parseMessage(isBinary ? undefined : textOf(data));
      if (message.id !== undefined) id = { id: message.id };
      const request = parseRequest(message);
      if (!this.session.extended && request.event !== 'hello') {
        throw new ClientError(
          'hello_required',
          'Send { "event": "hello", "data": { "v": 1 } } first.',
          'event',
        );
      }
      this.answer(request, id);
    } catch (error) {
      this.complain(error, id);
    }
  }

  /** A ping, or a pong that answers nothing: a flood of them would cost as much as one of messages. */
  receiveControl(): void {
    if (!this.session.closing && !this.controlRate.accepts()) this.session.close(sentTooMuch(CONTROL_FRAMES));
  }

  private answer(request: ClientRequest, id: Id): void {
    switch (request.event) {
      case 'hello':
        return this.session.extend(id);
      case 'ping':
        return this.session.send({ type: 'pong', ...id, data: {} });
      case 'pause':
        this.session.watcher.pause();
        return this.reply(id, { cursor: this.session.cursor });
      case 'resume':
        this.reply(id, { cursor: this.session.cursor });
        return this.session.watcher.resume();
      case 'subscribe':
        // The answer stands before the first record that the new filter let pass.
        return this.session.subscribe(request.filter, request.replay, (cursor) =>
          this.reply(id, { filter: request.filter, cursor }),
        );
      case 'history': {
        const { history, keeper } = this.context.source;
        const { filters } = this.session;
        if (!keeper || request.from >= history.start || !seenCategories(filters).audit) {
          return this.answerHistory(request, filters, id);
        }
        this.reading = this.reading.then(() => this.answerKept(request, filters, id));
      }
    }
  }

  private answerHistory(range: HistoryRange, filters: readonly FilterSpec[], id: Id): void {
    this.demandReader();
    this.replyText(id, historyAnswer(range, filters, this.context.source.history, this.context.text));
  }

  /** @returns never rejects */
  private async answerKept(range: HistoryRange, filters: readonly FilterSpec[], id: Id): Promise<void> {
    if (this.session.closing) return;
    try {
      this.demandReader();
      const answer = await keptAnswer(range, filters, this.context.source, this.context.text);
      if (this.session.closing) return;
      if (answer === undefined) this.answerHistory(range, filters, id);
      else this.replyText(id, answer);
    } catch (error) {
      this.complain(error, id);
    }
  }

  /** Of the only large answers: a client that does not read them must not pile them up here. */
  private demandReader(): void {
    if (this.session.backlog <= HIGH_WATER_MARK) return;
    throw new ClientError('too_slow', 'Read what was sent to you before you ask for more.');
  }

  private complain(error: unknown, id: Id): void {
    if (!(error instanceof ClientError)) throw error;
    const { code, message, path } = error;
    this.context.counters.error(code);
    this.session.send({ type: 'error', ...id, data: { code, message, ...(path ? { path } : {}) } });
  }

  private reply(id: Id, data: object): void {
    this.replyText(id, safeJson(data));
  }

  private replyText({ id }: Id, data: string): void {
    this.session.sendText(
      `{"type":"reply",${id === undefined ? '' : `"id":${safeJson(id)},`}"data":${data}}`,
    );
  }
}

function textOf(data: RawData): string {
  return Buffer.isBuffer(data)
    ? data.toString()
    : Buffer.concat(Array.isArray(data) ? data : [Buffer.from(data)]).toString();
}
