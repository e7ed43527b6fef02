import { type GapReason } from '../subscription/gap.js';

/** What happened to the clients of one monitor since it started. */
export class MonitorCounters {
  connected = 0;
  disconnected = 0;
  refused = 0;
  /** Closes by the server, by code. */
  readonly closings = new Map<number, number>();
  /** Closes as the server saw them, by code; 1006 is a connection that broke; over HTTP see LEFT. */
  readonly closes = new Map<number, number>();
  /** Records that clients were not given, by reason. */
  readonly dropped = new Map<GapReason, number>();
  readonly errors = new Map<string, number>();

  drop(reason: GapReason, records: number): void {
    add(this.dropped, reason, records);
  }

  closing(code: number): void {
    add(this.closings, code, 1);
  }

  close(code: number): void {
    add(this.closes, code, 1);
  }

  error(code: string): void {
    add(this.errors, code, 1);
  }
}

function add<K>(counts: Map<K, number>, key: K, number: number): void {
  counts.set(key, (counts.get(key) ?? 0) + number);
}
