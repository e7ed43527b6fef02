import { type LogLevel } from '../record/level.js';

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
}
