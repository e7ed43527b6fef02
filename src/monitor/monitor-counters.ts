import { type GapReason } from '../wire/gap-reason.js';
import { EXTENDED_CLOSE_CODES } from '../wire/close-codes.js';

/** Codes that mean something: RFC 6455, section 7.4.1, and ours. */
const KNOWN_CODES: ReadonlySet<number> = new Set([
  ...Array.from({ length: 16 }, (_, index) => 1000 + index),
  ...Object.values(EXTENDED_CLOSE_CODES),
]);

/** What happened to the clients of one monitor since it started. */
export class MonitorCounters {
  connected = 0;
  disconnected = 0;
  refused = 0;
  /** Closes by the server, by code. */
  readonly closings = new Map<number, number>();
  /**
   * Closes as the server saw them, by code; 1006 is a connection that broke, `other` a code that a client made up;
   * over HTTP see LEFT in http/stream-endpoint.ts.
   */
  readonly closes = new Map<number | 'other', number>();
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
    // A client may close with any of 2,000 codes; each would be a series of its own in the metrics, for ever.
    add(this.closes, KNOWN_CODES.has(code) ? code : 'other', 1);
  }

  error(code: string): void {
    add(this.errors, code, 1);
  }
}

function add<K>(counts: Map<K, number>, key: K, number: number): void {
  counts.set(key, (counts.get(key) ?? 0) + number);
}
