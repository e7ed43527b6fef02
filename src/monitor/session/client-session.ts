import { type FilterSpec } from '../../wire/filter/filter-spec.js';
import { type SeenCategories, seenCategories } from '../../subscription/filter/seen-categories.js';
import { type Selection } from '../../subscription/fan-out.js';
import { type Gap } from '../../subscription/gap.js';
import { type Outlet } from '../../subscription/outlet.js';
import { replayStart, type ReplayStart } from '../../subscription/replay.js';
import { type ReplaySpec } from '../../wire/replay-spec.js';
import { type Watcher } from '../../subscription/watcher.js';
import { type Access } from '../access/access.js';
import { type Farewell, OVERRUN } from './farewell.js';
import { type ClientMessage } from '../protocol/client-message.js';
import { type ConnectionRequest } from '../protocol/connection-request.js';
import { type CursorPlace, helloData } from './hello-data.js';
import { type MonitorContext } from './monitor-context.js';
import { ReplayProgress } from './replay-progress.js';
import { SendProgress } from './send-progress.js';
import { type ServerMessage } from '../../wire/server-message.js';
import { type Transport } from './transport.js';

/** How long a client that is being closed has to answer, in milliseconds. */
const CLOSE_DEADLINE_MS = 1_000;

/** What may still wait for a client when the server says goodbye, in bytes: who reads gets it before the deadline. */
const GOODBYE_BACKLOG = 65_536;

/** One connected client, whatever it is connected by, from its admission to its close. */
export abstract class ClientSession implements Outlet {
  /** What the client is given its records by. */
  readonly watcher: Watcher;
  private isExtended: boolean;
  /** The `hello` waits for the position that it tells. */
  private helloDue = false;
  private currentFilter: FilterSpec;
  private replay: ReplayProgress | undefined;
  private deadline: NodeJS.Timeout | undefined;
  private closedWith: number | undefined;
  private readonly sent: SendProgress;

  constructor(
    protected readonly transport: Transport,
    request: ConnectionRequest,
    readonly access: Access,
    protected readonly context: MonitorContext,
  ) {
    this.sent = new SendProgress(transport);
    this.isExtended = request.extended;
    this.currentFilter = request.filter;
    const { from = context.source.history.end, past } = this.startAt(request.replay);
    // Of a cursor that is none of ours only the audit keeper can say whether it knows it.
    if (typeof from === 'object' || past) this.helloDue = this.isExtended;
    else if (this.isExtended) this.hello({ position: from });
    this.watcher = context.fanOut.watch(this, this.selection(), request.replay && from, past);
  }

  /** Looks after the client: called every few seconds. */
  abstract pulse(): void;

  /** Whether the client opted in to more than the plain format. */
  get extended(): boolean {
    return this.isExtended;
  }

  /** Whether the server has said goodbye: the client gets no answers any more. */
  get closing(): boolean {
    return this.closedWith !== undefined;
  }

  /** The code that the server said goodbye with. */
  get closeCode(): number | undefined {
    return this.closedWith;
  }

  /** All that a record must pass before this client may learn of it. */
  get filters(): readonly FilterSpec[] {
    return this.access.narrow(this.currentFilter);
  }

  /**
   * Names the position of the next record that the client will get, or while that is being searched for the oldest one that
   * it can be: whoever comes back with it misses nothing.
   */
  get cursor(): string {
    return this.cursorAt(this.place);
  }

  get backlog(): number {
    return this.transport.backlog;
  }

  write(bytes: Buffer): void {
    this.transport.write(bytes);
  }

  whenWritable(resume: () => void): void {
    this.transport.whenWritable(resume);
  }

  begins(position: number): void {
    // A short search ends while the watcher is being made.
    const made = this.watcher as Watcher | undefined;
    if (this.helloDue) this.hello(made?.place ?? { position });
  }

  missed({ from, to, kept = 0, reason, audit }: Gap): boolean {
    const count = to - from - kept;
    this.context.counters.drop(reason, count);
    // Who resumes is told what is gone. Who is merely slow shall come back for its audit records.
    const auditOverrun = audit && reason === 'slow_consumer' && this.sees.audit;
    if (!this.isExtended || auditOverrun) {
      this.close(OVERRUN);
      return false;
    }
    this.replay?.miss(count);
    const { history, keeper } = this.context.source;
    // What the memory no longer has, the keeper has of it, if it is for this client.
    const fetchable = from >= history.start || (audit && keeper !== undefined && this.sees.audit);
    // It would move the client over the records of the range that it is still to get.
    const cursor = kept > 0 ? undefined : this.context.source.cursors.format(to);
    this.send({ type: 'gap', data: { from, to: to - 1, count, reason, fetchable } }, cursor);
    return true;
  }

  unrecoverable(unknown: boolean): void {
    this.replay?.giveUp(unknown);
  }

  caughtUp(position: number): void {
    const done = this.replay?.caughtUp(this.context.source.cursors.format(position));
    this.replay = undefined;
    if (done && this.isExtended) this.send({ type: 'caught_up', data: done }, done.cursor);
  }

  /** Makes a plain client an extended one: what comes behind the `hello` is in batches. */
  extend(id: Pick<ClientMessage, 'id'>): void {
    this.isExtended = true;
    this.hello(this.place, id);
    this.context.fanOut.reselect(this.watcher, this.selection());
  }

  /**
   * Replaces the filter, from the next record on or from a position in the past.
   *
   * @param begins told where that is before the first record; see {@link cursor}
   */
  subscribe(filter: FilterSpec, replay: ReplaySpec | undefined, begins: (cursor: string) => void): void {
    this.currentFilter = filter;
    const { from, past } = this.startAt(replay);
    const searched = from !== undefined && typeof from !== 'number';
    begins(
      from === undefined ? this.cursor : this.cursorAt(past ?? (searched ? this.oldest : { position: from })),
    );
    this.context.fanOut.reselect(this.watcher, this.selection(), from, past);
  }

  /** @param cursor where who has read the message stands, if it moves the client on */
  send(message: ServerMessage, cursor?: string): void {
    this.greet();
    this.transport.send(message, cursor);
  }

  /** Sends what is not worth waiting for: a client that is congested does not get it. */
  announce(message: ServerMessage): void {
    // It has been given all up to here: over HTTP the message moves it there.
    if (!this.congested) this.send(message, this.cursor);
  }

  /** The categories that the client may get records of, by its permission and by its filter. */
  get sees(): SeenCategories {
    return seenCategories(this.filters);
  }

  /**
   * How long the client has not taken anything of what waits for it, records or answers, in milliseconds; to be
   * asked regularly.
   */
  stalledFor(now: number): number {
    const idle = this.sent.idleFor(now);
    return this.watcher.waiting ? Math.min(this.watcher.stalledFor(now), idle) : idle;
  }

  /** Whether nothing that was logged waits for the client: it has it all, or does not want it now. */
  get drained(): boolean {
    const { paused, current } = this.watcher;
    return paused || (current && this.transport.backlog <= GOODBYE_BACKLOG);
  }

  /** Whether nothing that was logged is lost to the client should this process end now. */
  get handedOver(): boolean {
    const { paused, current } = this.watcher;
    return paused || (current && this.transport.unsent === 0);
  }

  /** Changes whenever the client takes something. */
  get unsent(): number {
    return this.transport.unsent;
  }

  /** Stops the subscription; the connection is closed, or about to be. */
  end(): void {
    clearTimeout(this.deadline);
    this.context.fanOut.unwatch(this.watcher);
  }

  /** Says goodbye; whoever does not answer in time is cut off. */
  close(farewell: Farewell): void {
    if (this.closing) return;
    const { reason, reconnectAfterMs } = farewell;
    const code = this.isExtended ? farewell.extended : farewell.plain;
    this.closedWith = code;
    if (this.isExtended) {
      const reconnect = reconnectAfterMs !== undefined;
      this.send({ type: 'closing', data: { code, reason, reconnect, after_ms: reconnectAfterMs ?? 0 } });
    }
    this.context.counters.closing(code);
    this.end();
    this.transport.close(code, reason);
    this.awaitAnswer(performance.now() + (farewell.patienceMs ?? 0));
  }

  /** Does not wait any longer than another second for a client that was told to go. */
  hasten(): void {
    if (!this.closing) return;
    clearTimeout(this.deadline);
    this.awaitAnswer(0);
  }

  /** What is sent now would only add to what the client does not take, and make it look as if it did. */
  protected get congested(): boolean {
    return this.helloDue || this.watcher.waiting || this.transport.unsent > 0;
  }

  /** Sends the `hello` before anything else, also when there is something to say before its position is known. */
  protected greet(): void {
    if (this.helloDue) this.hello(this.place);
  }

  /**
   * Cuts off who does not answer the goodbye. It stands behind all that the client has not taken yet: who has stopped to
   * read, and goes on while there is patience, finds it there.
   */
  private awaitAnswer(until: number): void {
    this.deadline = setTimeout(() => {
      if (performance.now() >= until) this.transport.destroy();
      // Once everything is taken, one more round is for the answer.
      else this.awaitAnswer(this.transport.unsent > 0 ? until : 0);
    }, CLOSE_DEADLINE_MS).unref();
  }

  private get place(): CursorPlace {
    if (this.watcher.searching) return this.oldest;
    return this.watcher.place ?? { position: this.watcher.cursor };
  }

  private get oldest(): CursorPlace {
    return { position: this.context.source.history.start };
  }

  private cursorAt({ position, epoch }: CursorPlace): string {
    return this.context.source.cursors.format(position, epoch);
  }

  private hello(place: CursorPlace, id: Pick<ClientMessage, 'id'> = {}): void {
    this.helloDue = false;
    const data = helloData(this.context, this.access, this.currentFilter, place);
    this.send({ type: 'hello', ...id, data }, data.cursor);
    for (const alert of this.context.firings.seenBy(this.access)) this.send({ type: 'alert', data: alert });
  }

  private startAt(replay: ReplaySpec | undefined): Partial<ReplayStart> {
    if (!replay) return {};
    const start = replayStart(replay, this.filters, this.context.source);
    this.replay = new ReplayProgress(start.recovered, start.past !== undefined);
    return start;
  }

  private selection(): Selection {
    return { framing: this.transport.framing(this.isExtended), filters: this.filters };
  }
}
