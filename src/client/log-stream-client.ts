import { type HelloData } from '../wire/server-message.js';
import { type FilterSpec } from '../wire/filter/filter-spec.js';
import { type ReplaySpec } from '../wire/replay-spec.js';
import { Attempts, type AttemptOutcome } from './attempts.js';
import { CLOSED, NOT_CONNECTED, RESTARTED } from './client.messages.js';
import { type ConnectOptions } from './connect-options.js';
import { type ConnectionEnd, lost } from './connection-end.js';
import { type ConnectionState } from './connection-state.js';
import { Consumers, type LogStreamObserver, type LogStreamSubscription } from './consumers.js';
import { renewal, subprotocols } from './credential.js';
import { type Endpoint } from './endpoint.js';
import { Events, type LogStreamEvents } from './events.js';
import { FilterChanges } from './filter-changes.js';
import { type HistoryPage, type HistoryRange } from './history-range.js';
import { type LogStreamItem } from './items.js';
import { LogStreamError } from './log-stream-error.js';
import { type Progress, Session } from './session.js';
import { Settled } from './settled.js';
import { webSocketConstructor } from './web-socket.js';

/**
 * Watches a monitor, over any number of connections: yields records, gaps and losses in order, none twice.
 *
 *     for await (const item of connect('wss://example.org/ws/monitor', { token, replay: { last: 100 } })) {
 *       if (item.type === 'gap') console.warn(`${item.count} skipped`);
 *     }
 *
 * Several may iterate and subscribe at once; each gets every item. Who is slow makes the server pause, for all of
 * this client. While nobody consumes, items wait for who comes next.
 *
 * @publicApi
 */
export class LogStreamClient implements AsyncIterable<LogStreamItem> {
  private readonly events = new Events();
  private readonly changes = new FilterChanges();
  private readonly greeted = new Settled<HelloData>();
  private readonly gone = new Settled<void>();
  private readonly progress: Progress;
  private readonly consumers: Consumers;
  private readonly attempts: Attempts;
  private session: Session | undefined;
  private current: ConnectionState = { name: 'connecting', attempt: 1 };
  private pausedByCaller = false;
  private greeting: HelloData | undefined;
  private readonly aborted = (): void => this.finish();

  /** @internal */
  constructor(
    private readonly endpoint: Endpoint,
    private readonly options: ConnectOptions,
  ) {
    const { filter, replay = endpoint.replay, reconnect = true, buffer = {}, signal } = options;
    this.progress = { filter, from: replay, seen: new Map() };
    this.consumers = new Consumers(buffer, () => this.session?.steer());
    this.attempts = new Attempts(
      reconnect,
      renewal(options),
      () => this.attempt(),
      (state) => this.become(state),
    );
    // Where nobody has defined the symbol, RxJS looks for the method below.
    const { observable } = Symbol as { observable?: symbol };
    if (observable) Object.defineProperty(this, observable, { value: () => this });
    signal?.addEventListener('abort', this.aborted);
    if (signal?.aborted) this.finish();
    else void this.attempts.run().then((error) => this.finish(error));
  }

  /** What the server said first; what is logged from then on comes. Rejects when it will not come to that. */
  get ready(): Promise<HelloData> {
    return this.greeted.promise;
  }

  /** What the server said first on the newest connection: its limits, what this client may see. */
  get hello(): HelloData | undefined {
    return this.greeting;
  }

  get state(): ConnectionState {
    return this.current;
  }

  /** What the server last agreed to; `undefined` before that. */
  get filter(): FilterSpec | undefined {
    return this.greeting && (this.progress.filter ?? this.greeting.filter);
  }

  /** @returns what removes the listener */
  on<K extends keyof LogStreamEvents>(event: K, listener: (value: LogStreamEvents[K]) => void): () => void {
    return this.events.on(event, listener);
  }

  /** Calls back with every item, at once: who is called cannot be too slow. */
  subscribe(observer: LogStreamObserver | ((item: LogStreamItem) => void)): LogStreamSubscription {
    return this.consumers.observe(typeof observer === 'function' ? { next: observer } : observer);
  }

  /** Ends when the client is closed, throws a {@link LogStreamError} when another attempt would not help. */
  [Symbol.asyncIterator](): AsyncIterableIterator<LogStreamItem, undefined> {
    return this.consumers.iterate();
  }

  /** For RxJS's `from()`, and others that take an Observable. */
  ['@@observable'](): this {
    return this;
  }

  /**
   * Replaces the filter, on the same connection. Without `replay` nothing is missed or repeated.
   *
   * @returns when the server has agreed; while there is no connection, when there is one again and it has
   * @throws LogStreamError `invalid_filter`, with the `path` of the mistake; the filter is then as before
   */
  setFilter(filter: FilterSpec, { replay }: { readonly replay?: ReplaySpec } = {}): Promise<void> {
    if (this.closed) return Promise.reject(new LogStreamError('closed', CLOSED));
    return this.changes.add(filter, replay, this.reading);
  }

  /** Lets the server keep the place. What is on its way still comes; the state tells when it has. */
  pause(): void {
    this.pausedByCaller = true;
    this.session?.steer();
  }

  /** Goes on where {@link pause} stopped; what the history has no longer is a gap. */
  resume(): void {
    this.pausedByCaller = false;
    this.session?.steer();
  }

  /**
   * Fetches records of the past, as those of a gap: `history(gap)`.
   *
   * @throws LogStreamError `not_connected`, `connection_lost`, `restarted`, `invalid_range`, `too_slow`,
   * `trail_unavailable`
   */
  async history({ from, to, limit, epoch }: HistoryRange): Promise<HistoryPage> {
    const session = this.connected;
    if (epoch !== undefined && epoch !== session.epoch) throw new LogStreamError('restarted', RESTARTED);
    return session.ask('history', { from, to, limit }, ({ records, missing, next }) => ({
      records: session.items(records),
      missing,
      next,
    }));
  }

  /**
   * @returns the time to the server and back, in milliseconds
   * @throws LogStreamError `not_connected`, `connection_lost`
   */
  async ping(): Promise<number> {
    const sent = performance.now();
    return this.connected.ask('ping', undefined, () => performance.now() - sent);
  }

  /** While it is `waiting`: tries again now. */
  retry(): void {
    this.attempts.hurry();
  }

  /** Ends everything. @returns when the connection is closed */
  close(): Promise<void> {
    this.finish();
    return this.gone.promise;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private get closed(): boolean {
    return this.current.name === 'closed';
  }

  /** The session, once what is asked of it is answered in its place among the records. */
  private get reading(): Session | undefined {
    return this.session?.state && this.session;
  }

  private get connected(): Session {
    if (this.closed) throw new LogStreamError('closed', CLOSED);
    if (!this.reading) throw new LogStreamError('not_connected', NOT_CONNECTED);
    return this.reading;
  }

  private async attempt(): Promise<AttemptOutcome> {
    try {
      const protocols = await subprotocols(this.options);
      const WebSocket = await webSocketConstructor(this.options.WebSocket);
      // Closed meanwhile: nobody looks at the outcome.
      if (this.closed) throw new LogStreamError('closed', CLOSED);
      return await this.talk(new WebSocket(this.endpoint.url, protocols));
    } catch (cause) {
      const error =
        cause instanceof LogStreamError
          ? cause
          : new LogStreamError('connection_lost', NOT_CONNECTED, { cause });
      if (!this.closed) this.events.emit('error', error);
      return { error };
    }
  }

  /** One connection, from its beginning to its end. */
  private talk(socket: ConstructorParameters<typeof Session>[0]): Promise<AttemptOutcome> {
    return new Promise((resolve) => {
      const ended = (end: ConnectionEnd): void => {
        this.session = undefined;
        const { productive, epoch } = session;
        resolve({ end, error: lost(end), greeted: epoch !== undefined, productive });
        if (this.closed) this.gone.resolve();
      };
      const session = new Session(socket, {
        events: this.events,
        progress: this.progress,
        pause: () => this.pauseWanted,
        deliver: (batch) => this.consumers.push(batch),
        began: (hello) => this.began(hello),
        moved: () => this.moved(),
        failed: (error) => this.finish(error),
        ended,
      });
      this.session = session;
    });
  }

  private get pauseWanted(): 'caller' | 'backpressure' | undefined {
    if (this.pausedByCaller) return 'caller';
    return this.consumers.congested ? 'backpressure' : undefined;
  }

  private began(hello: HelloData): void {
    this.greeting = hello;
    this.greeted.resolve(hello);
    if (this.session) this.changes.sendTo(this.session);
  }

  private moved(): void {
    const state = this.session?.state;
    if (state) this.become(state);
  }

  private become(state: ConnectionState): void {
    if (this.closed || JSON.stringify(state) === JSON.stringify(this.current)) return;
    this.current = state;
    this.events.emit('state', state);
  }

  /** @param error why, when it is not the caller who wants it */
  private finish(error?: LogStreamError): void {
    if (this.closed) return;
    this.become({ name: 'closed', ...(error ? { error } : {}) });
    const { signal } = this.options;
    signal?.removeEventListener('abort', this.aborted);
    this.attempts.stop();
    const reason = error ?? new LogStreamError('closed', CLOSED, { cause: signal?.reason });
    this.greeted.reject(reason);
    this.changes.fail(reason);
    if (this.session) this.session.close();
    else this.gone.resolve();
    this.consumers.finish(error);
  }
}
