import { type CaughtUpData, type HelloData } from '../wire/server-message.js';
import { type FilterSpec } from '../wire/filter/filter-spec.js';
import { type ReplaySpec } from '../wire/replay-spec.js';
import { unsupportedVersion } from './client.messages.js';
import { Connection } from './connection.js';
import { type ConnectionEnd } from './connection-end.js';
import { type ConnectionState } from './connection-state.js';
import { type Events } from './events.js';
import { type ItemBatch } from './item-queue.js';
import { type LostItem, type RecordItem } from './items.js';
import { complaint, LogStreamError } from './log-stream-error.js';
import { RunItems } from './run-items.js';
import { type ReplyData, type ServerFrame, type WireRecord } from './server-frame.js';
import { type WebSocketLike } from './web-socket.js';

/** What a client has got to; outlives its connections. */
export interface Progress {
  /** What the server last agreed to; without one, what the URL says. */
  filter?: FilterSpec;
  /** Where the next connection has to go on. */
  from?: ReplaySpec;
  /** The run of the application that it belongs to. */
  epoch?: string;
  /** Where it has got to in each run that it came to: behind one port may be several processes. */
  readonly seen: Map<string, ReplaySpec>;
  /** That there are several has been said. */
  several?: boolean;
}

/** Who a session works for. */
export interface SessionOwner {
  readonly events: Events;
  readonly progress: Progress;
  /** Whether the server is to send no records for now. */
  pause(): 'caller' | 'backpressure' | undefined;
  deliver(batch: ItemBatch): void;
  /** Records come from here on. */
  began(hello: HelloData): void;
  /** {@link Session.state} may have changed. */
  moved(): void;
  /** The server takes nothing of this client's. */
  failed(error: LogStreamError): void;
  ended(end: ConnectionEnd): void;
}

type Loss = Pick<LostItem, 'reason' | 'previousEpoch'>;

/** Parts of the server's limit on messages that are left to more urgent ones: a `pause` leaves nothing. */
const RESERVE = { urgent: 0, control: 0.1, request: 0.5 } as const;

/** What is said on one connection: where it begins, what is missing, and what is asked meanwhile. */
export class Session {
  /** Something of use has come, so that the next failure counts as the first. */
  productive = false;
  private readonly connection: Connection;
  private hello: HelloData | undefined;
  private run: RunItems | undefined;
  /** What comes is counted in; until then the server does not know yet what it has to send. */
  private reading = false;
  private caughtUp = false;
  private paused: ReturnType<SessionOwner['pause']>;
  private steering = false;
  /** What can be had of the run was asked for, because nothing better was known. */
  private rewound = false;
  /** The run before, until it is clear what became of its records. */
  private previousEpoch: string | undefined;

  constructor(
    socket: WebSocketLike,
    private readonly owner: SessionOwner,
  ) {
    this.connection = new Connection(
      socket,
      (frame, size) => this.receive(frame, size),
      (end) => owner.ended(end),
    );
  }

  /** `undefined` before records come. */
  get state(): ConnectionState | undefined {
    if (!this.reading) return undefined;
    if (this.paused) return { name: 'paused', by: this.owner.pause() ?? this.paused };
    return { name: this.caughtUp ? 'live' : 'catching_up' };
  }

  /** The run that it is connected to. */
  get epoch(): string | undefined {
    return this.hello?.epoch;
  }

  close(): void {
    this.connection.close();
  }

  /** Replaces the filter. */
  subscribe(
    filter: FilterSpec,
    replay: ReplaySpec | undefined,
    then: (error?: LogStreamError) => void,
  ): void {
    this.connection.request('subscribe', { filter, replay }, RESERVE.control, (answer) => {
      if (answer instanceof LogStreamError) return then(answer);
      const { progress, events } = this.owner;
      progress.filter = filter;
      const { cursor } = answer;
      this.reach(replay ?? { after: cursor });
      this.caughtUp &&= !replay;
      events.emit('filter', { filter, cursor, replay });
      this.owner.moved();
      then();
    });
  }

  /** @returns what `then` makes of the answer */
  ask<T>(event: 'history' | 'ping', data: unknown, then: (reply: ReplyData) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.connection.request(event, data, RESERVE.request, (answer) => {
        if (answer instanceof LogStreamError) reject(answer);
        else resolve(then(answer));
      });
    });
  }

  /** Makes the server pause or go on, as the owner wants it: one message at a time, so that the last wish holds. */
  steer(): void {
    const wanted = this.owner.pause();
    if (!this.hello || this.steering || !this.paused === !wanted) return this.owner.moved();
    this.steering = true;
    const reserve = wanted ? RESERVE.urgent : RESERVE.control;
    this.connection.request(wanted ? 'pause' : 'resume', undefined, reserve, (answer) => {
      this.steering = false;
      if (answer instanceof LogStreamError) return;
      this.paused = wanted;
      this.steer();
    });
  }

  /** Turns records of an answer into items. */
  items(records: readonly WireRecord[]): RecordItem[] {
    return this.run!.records(records);
  }

  private receive(frame: ServerFrame, size: number): void {
    if (frame.type === 'hello') return this.greet(frame.data);
    if (frame.type === 'error') return this.owner.events.emit('error', complaint(frame.data));
    // Alerts that fired before this client came stand behind the `hello`.
    if (frame.type === 'alert') return this.owner.events.emit(frame.type, frame.data);
    if (!this.reading) return;
    switch (frame.type) {
      case 'batch':
        this.productive = true;
        this.reach({ after: frame.cursor });
        return this.owner.deliver({ items: this.run!.records(frame.data, frame.cursor, frame.epoch), size });
      case 'gap': {
        const { item, whole } = this.run!.gap(frame.data);
        if (whole) this.reach({ after: item.cursor });
        return this.owner.deliver({ items: [item], size });
      }
      case 'stats':
        this.productive = true;
        this.reach({ after: frame.data.cursor });
        return this.owner.events.emit(frame.type, frame.data);
      case 'audit_checkpoint':
        return this.owner.events.emit(frame.type, frame.data);
      case 'caught_up':
        return this.catchUp(frame.data);
    }
  }

  private greet(hello: HelloData): void {
    if (hello.version !== 1) {
      return this.owner.failed(new LogStreamError('unsupported_version', unsupportedVersion(hello.version)));
    }
    this.hello = hello;
    this.run = new RunItems(hello);
    this.connection.greeted(hello.limits);
    const { progress } = this.owner;
    const seen = progress.seen.get(hello.epoch);
    const left = progress.epoch === hello.epoch ? undefined : progress.epoch;
    // The cursor is tried all the same: an application with a durable trail still has the audit records.
    if (!seen) this.previousEpoch = left;
    // No run comes back after its end: they are of several processes, and each goes on meanwhile.
    const several = seen && left && !progress.several;
    if (this.owner.pause()) this.steer();
    const from = seen ?? progress.from;
    if (from || progress.filter) {
      this.begin(from, several ? { reason: 'other_process', previousEpoch: left } : undefined);
    } else {
      this.reach({ after: hello.cursor });
      this.read(true);
    }
  }

  /** Here goes on who comes back to this run, at once or from another one. */
  private reach(from: ReplaySpec): void {
    const { progress } = this.owner;
    progress.from = from;
    if (this.previousEpoch !== undefined) return;
    progress.epoch = this.hello!.epoch;
    progress.seen.set(progress.epoch, from);
  }

  /** Says what is wanted. What comes before the answer was not asked for. */
  private begin(from: ReplaySpec | undefined, lost?: Loss): void {
    const { progress } = this.owner;
    const { filter = this.hello!.filter } = progress;
    const agreed = progress.filter;
    this.reading = false;
    this.connection.request('subscribe', { filter, replay: from }, RESERVE.control, (answer) => {
      if (answer instanceof LogStreamError) {
        if (answer.code !== 'connection_lost') this.owner.failed(answer);
        return;
      }
      // A change of the filter was under way and has been undone by this.
      if (progress.filter !== agreed) return this.begin(from, lost);
      this.reach(from ?? { after: answer.cursor });
      progress.several ||= lost?.reason === 'other_process';
      if (lost) this.lose(lost, from && 'after' in from ? from.after : undefined);
      this.read(from === undefined);
    });
  }

  private read(caughtUp: boolean): void {
    this.reading = true;
    this.caughtUp = caughtUp;
    this.owner.began(this.hello!);
    this.owner.moved();
  }

  /** Nobody can tell what is missing: goes on with the beginning of the run. */
  private rewind(lost: Loss): void {
    this.rewound = true;
    this.begin({ after: this.run!.start }, lost);
  }

  /** @param cursor where it goes on, unless with the beginning of the run */
  private lose(lost: Loss, cursor?: string): void {
    this.owner.deliver({ items: [this.run!.lost(lost, cursor)], size: 0 });
  }

  private catchUp(data: CaughtUpData): void {
    // Where no history is kept it would come to this again.
    const { previousEpoch } = this;
    if (previousEpoch !== undefined || data.missing === null) {
      const lost: Loss =
        previousEpoch === undefined ? { reason: 'not_recovered' } : { reason: 'restarted', previousEpoch };
      this.previousEpoch = undefined;
      // Nothing of the run before, and of this one only what comes now.
      if (data.missing === null && !data.from_start && !this.rewound) return this.rewind(lost);
      if (!(data.from_start && data.recovered) && !this.rewound) this.lose(lost);
    }
    this.rewound = false;
    this.reach({ after: data.cursor });
    this.caughtUp = true;
    this.owner.events.emit('caught_up', data);
    this.owner.moved();
  }
}
