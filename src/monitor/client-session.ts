import { type RawData, type WebSocket } from 'ws';
import { type FilterSpec } from '../subscription/filter/filter-spec.js';
import { type Selection } from '../subscription/fan-out.js';
import { type Gap } from '../subscription/gap.js';
import { HIGH_WATER_MARK, type Outlet } from '../subscription/outlet.js';
import { replayStart, type ReplaySpec } from '../subscription/replay.js';
import { type Watcher } from '../subscription/watcher.js';
import { type Access } from './access/access.js';
import { type Farewell, OVERRUN } from './close-codes.js';
import { type ClientMessage } from './client-message.js';
import { type ConnectionRequest } from './connection-request.js';
import { type Beating } from './heartbeat.js';
import { helloData } from './hello-data.js';
import { type MonitorContext } from './monitor-context.js';
import { ReplayProgress } from './replay-progress.js';
import { RequestHandler } from './request-handler.js';
import { type ServerMessage } from './server-message.js';
import { statsData } from './stats-data.js';
import { WebSocketOutlet } from './web-socket-outlet.js';

/** How long a client that is being closed has to answer, in milliseconds. */
const CLOSE_DEADLINE_MS = 1_000;

/** One connected client, from its handshake to its close. */
export class ClientSession implements Beating, Outlet {
  private readonly socket: WebSocketOutlet;
  private readonly watcher: Watcher;
  private isExtended: boolean;
  private currentFilter: FilterSpec;
  private replay: ReplayProgress | undefined;
  private deadline: NodeJS.Timeout | undefined;
  private isClosing = false;
  /** What the socket still had to send when it was last seen to take something. */
  private progress = { unsent: 0, at: Number.NEGATIVE_INFINITY };

  constructor(
    private readonly client: WebSocket,
    request: ConnectionRequest,
    readonly access: Access,
    private readonly context: MonitorContext,
    alive: (session: ClientSession) => void,
  ) {
    this.socket = new WebSocketOutlet(client);
    this.isExtended = request.extended;
    this.currentFilter = request.filter;
    const requests = new RequestHandler(this, context);
    // The adapter logs a line for whatever a client's socket complains about, as a malformed frame, so that
    // strangers could fill the log. `ws` closes such a socket by itself, with the right code.
    client.removeAllListeners('error');
    client.on('error', () => {});
    client.on('message', (data: RawData, isBinary: boolean) => requests.receive(data, isBinary));
    client.on('pong', () => alive(this));
    const from = this.startAt(request.replay);
    if (this.isExtended) this.hello(from ?? context.stream.history.end);
    this.watcher = context.fanOut.watch(this, this.selection(), from);
  }

  /** Whether the client opted in to more than the plain format. */
  get extended(): boolean {
    return this.isExtended;
  }

  /** Whether the server has said goodbye: the client gets no answers any more. */
  get closing(): boolean {
    return this.isClosing;
  }

  /** All that a record must pass before this client may learn of it. */
  get filters(): readonly FilterSpec[] {
    return this.access.narrow(this.currentFilter);
  }

  /** Names the position of the next record that the client will get. */
  get cursor(): string {
    return this.context.stream.cursors.format(this.watcher.cursor);
  }

  get backlog(): number {
    return this.socket.backlog;
  }

  write(bytes: Buffer): void {
    this.socket.write(bytes);
  }

  whenWritable(resume: () => void): void {
    this.socket.whenWritable(resume);
  }

  missed({ from, to, reason, audit }: Gap): boolean {
    const count = to - from;
    this.context.counters.drop(reason, count);
    // Who resumes is told what is gone. Who is merely slow shall come back for its audit records.
    const seesAudit = this.filters.every(({ category }) => category !== 'system');
    const auditOverrun = audit && reason === 'slow_consumer' && seesAudit;
    if (!this.isExtended || auditOverrun) {
      this.close(OVERRUN);
      return false;
    }
    this.replay?.miss(count);
    const fetchable = from >= this.context.stream.history.start;
    this.send({ type: 'gap', data: { from, to: to - 1, count, reason, fetchable } });
    return true;
  }

  caughtUp(position: number): void {
    const done = this.replay?.caughtUp(this.context.stream.cursors.format(position));
    this.replay = undefined;
    if (done && this.isExtended) this.send({ type: 'caught_up', data: done });
  }

  /** Makes a plain client an extended one: what comes behind the `hello` is in batches. */
  extend(id: Pick<ClientMessage, 'id'>): void {
    this.isExtended = true;
    this.hello(this.watcher.cursor, id);
    this.context.fanOut.reselect(this.watcher, this.selection());
  }

  /** Replaces the filter, from the next record on or from a position in the past. */
  subscribe(filter: FilterSpec, replay: ReplaySpec | undefined): void {
    this.currentFilter = filter;
    this.context.fanOut.reselect(this.watcher, this.selection(), this.startAt(replay));
  }

  pause(): void {
    this.watcher.pause();
  }

  resume(): void {
    this.watcher.resume();
  }

  send(message: ServerMessage): void {
    this.socket.text(JSON.stringify(message));
  }

  /** Sends a message that is JSON already. */
  sendText(json: string): void {
    this.socket.text(json);
  }

  /** Tells an extended client how it is doing. */
  stats(): void {
    if (this.isExtended && !this.congested)
      this.send({ type: 'stats', data: statsData(this.context, this.access, this.watcher) });
  }

  /** How long the client has been behind without taking anything, in milliseconds; to be asked regularly. */
  stalledFor(now: number): number {
    const { unsent } = this.socket;
    if (unsent !== this.progress.unsent) this.progress = { unsent, at: now };
    return Math.min(this.watcher.stalledFor(now), now - this.progress.at);
  }

  /** @returns false when no answer can be expected: a ping behind a backlog says nothing about the peer */
  ping(): boolean {
    if (!this.socket.open || this.congested) return false;
    this.client.ping();
    return true;
  }

  gone(): void {
    this.end();
    this.socket.destroy();
  }

  /** Stops the subscription; the socket is closed, or about to be. */
  end(): void {
    clearTimeout(this.deadline);
    this.context.fanOut.unwatch(this.watcher);
  }

  /** Says goodbye; whoever does not answer in time is cut off. */
  close(farewell: Farewell): void {
    if (this.isClosing) return;
    this.isClosing = true;
    const { reason, reconnectAfterMs } = farewell;
    const code = this.isExtended ? farewell.extended : farewell.plain;
    if (this.isExtended) {
      const reconnect = reconnectAfterMs !== undefined;
      this.send({ type: 'closing', data: { code, reason, reconnect, after_ms: reconnectAfterMs ?? 0 } });
    }
    this.context.counters.closing(code);
    this.end();
    this.client.close(code, reason);
    this.deadline = setTimeout(() => this.socket.destroy(), CLOSE_DEADLINE_MS).unref();
  }

  /** What is sent now would only add to what the client does not take, and make it look as if it did. */
  private get congested(): boolean {
    return this.socket.backlog > HIGH_WATER_MARK;
  }

  private hello(position: number, id: Pick<ClientMessage, 'id'> = {}): void {
    this.send({
      type: 'hello',
      ...id,
      data: helloData(this.context, this.access, this.currentFilter, position),
    });
  }

  private startAt(replay: ReplaySpec | undefined): number | undefined {
    if (!replay) return undefined;
    const { position, recovered } = replayStart(replay, this.filters, this.context.stream);
    this.replay = new ReplayProgress(recovered);
    return position;
  }

  private selection(): Selection {
    const { plain, batch, compressedBatch } = this.context.framings;
    const framing = this.isExtended ? (this.socket.inflates ? compressedBatch : batch) : plain;
    return { framing, filters: this.filters };
  }
}
