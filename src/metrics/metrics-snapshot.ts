import { type AlertCounts } from '../alerts/alerts.js';
import { type LogLevel } from '../wire/level.js';
import { type TrailState } from '../trail/store/trail-status.js';

/**
 * The numbers of one application's stream, at one moment. Counts run from the start of the process.
 *
 * @publicApi
 */
export interface MetricsSnapshot {
  /** Records produced, by level. */
  readonly produced: Readonly<Record<LogLevel, number>>;
  /** Deliveries: records times the clients that got them. */
  readonly delivered: number;
  /** Records that a client's filter held back, times those clients. */
  readonly filtered: number;
  /** Records that clients were not given, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** Bytes written to sockets. */
  readonly bytes: number;
  readonly clients: {
    readonly connected: number;
    /** Groups of clients that share filter and framing. */
    readonly groups: number;
    readonly connects: number;
    readonly disconnects: number;
    readonly refused: number;
    /**
     * Disconnects by WebSocket close code; 1006 is a connection that broke, `other` a code that a client made up. Clients over HTTP are counted by the code
     * of their `closing`, and as 1000 when they left by themselves.
     */
    readonly closes: Readonly<Record<string, number>>;
    /** Messages of clients that were answered with an error, by its code. */
    readonly errors: Readonly<Record<string, number>>;
  };
  /** Of the client that is furthest behind. */
  readonly lag: { readonly records: number; readonly ms: number };
  readonly flush: { readonly count: number; readonly seconds: number; readonly encodeSeconds: number };
  readonly history: { readonly records: number; readonly bytes: number };
  /** What went wrong without hurting anybody: see `LogStreamLogger.failures`. */
  readonly failures: { readonly innerLogger: number; readonly stream: number; readonly observers: number };
  /** Absent in an app without the option `alerts`. */
  readonly alerts?: AlertMetrics;
  /** Absent in an app without the option `trail`. */
  readonly trail?: TrailMetrics;
}

/**
 * The numbers of the alerts, at one moment. Counts run from the start of the process.
 *
 * @publicApi
 */
export interface AlertMetrics {
  readonly byName: Readonly<Record<string, AlertCounts>>;
  /** Records that no alert has looked at: the history had evicted them. */
  readonly missed: number;
}

/**
 * The numbers of the durable audit trail, at one moment. Counts run from the start of the process.
 *
 * @publicApi
 */
export interface TrailMetrics {
  readonly state: TrailState;
  /** Whether calls with `failure: 'closed'` are refused: see `AuditHealth`. */
  readonly health: 'up' | 'down';
  /** Position of the last entry: how many the trail ever had. */
  readonly last: number;
  /** Entries committed, and the transactions that it took. */
  readonly committed: number;
  readonly commits: number;
  /** Entries that wait for their commit, and those in the spool. */
  readonly queued: number;
  readonly spooled: number;
  readonly spoolBytes: number;
  /** Entries that neither the trail nor the spool could keep. */
  readonly lost: number;
  /** Since when the last checkpoint was signed; absent before the first one. `behind`: entries that it does not cover. */
  readonly checkpoint?: { readonly ageMs: number; readonly behind: number };
  /** Whether `trail.space.lowBytes` is reached. */
  readonly lowSpace: boolean;
  readonly closedCalls: {
    /** Intents whose call has no recorded outcome yet. */
    readonly pending: number;
    /** Refused because they could not be audited. */
    readonly refused: number;
    /** Intents and outcomes that were not acknowledged within the deadline. */
    readonly late: number;
  };
}
