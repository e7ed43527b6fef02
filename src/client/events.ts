import { type AlertData } from '../wire/alert.js';
import { type AuditCheckpointData, type CaughtUpData, type StatsData } from '../wire/server-message.js';
import { type FilterSpec } from '../wire/filter/filter-spec.js';
import { type ReplaySpec } from '../wire/replay-spec.js';
import { type ConnectionState } from './connection-state.js';
import { type LogStreamError } from './log-stream-error.js';
import { throwLater } from './throw-later.js';

/**
 * What comes behind it has passed another filter.
 *
 * @publicApi
 */
export interface FilterChange {
  readonly filter: FilterSpec;
  /** Where the new filter begins. */
  readonly cursor: string;
  /** What was asked for: it comes now, also what had come before. */
  readonly replay?: ReplaySpec;
}

/**
 * What a client tells beside its items. An event comes between the items where it belongs, for who subscribes; an
 * iterator gets its items later.
 *
 * @publicApi
 */
export interface LogStreamEvents {
  state: ConnectionState;
  /** Every 5 s. */
  stats: StatsData;
  /** A replay is done, also that of a reconnect. */
  caught_up: CaughtUpData;
  /** The state of the durable audit trail was signed: keep the note, and the trail cannot be rewritten unseen. */
  audit_checkpoint: AuditCheckpointData;
  /** An alert of the application has fired; those before this client came, at every connect, with the `id` that they had. */
  alert: AlertData;
  /** The server has agreed to `setFilter`. */
  filter: FilterChange;
  /** Something went wrong that the client goes on from. */
  error: LogStreamError;
}

type Listener = (value: never) => void;

/** Who listens to what. */
export class Events {
  private readonly listeners = new Map<keyof LogStreamEvents, Set<Listener>>();

  on<K extends keyof LogStreamEvents>(event: K, listener: (value: LogStreamEvents[K]) => void): () => void {
    // Each call by itself, so that a listener may be added twice and removed once.
    const own: Listener = (value) => listener(value);
    const listeners = this.listeners.get(event) ?? new Set<Listener>();
    this.listeners.set(event, listeners.add(own));
    return () => void listeners.delete(own);
  }

  emit<K extends keyof LogStreamEvents>(event: K, value: LogStreamEvents[K]): void {
    for (const listener of this.listeners.get(event) ?? []) {
      try {
        listener(value as never);
      } catch (error) {
        throwLater(error);
      }
    }
  }
}
