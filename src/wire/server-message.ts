import { type AlertData } from './alert.js';
import { type LogCategory } from './category.js';
import { type LogLevel } from './level.js';
import { type FILTER_LIMITS, type FilterSpec } from './filter/filter-spec.js';
import { type GapReason } from './gap-reason.js';
import { type PROTOCOL_VERSION } from './protocol-version.js';

/** First message to an extended client. */
export interface HelloData {
  readonly version: typeof PROTOCOL_VERSION;
  /** Changes with every start of the application; cursors of another epoch cannot be resumed. */
  readonly epoch: string;
  readonly instance: string;
  /** Where this client stands: what it will get comes after it. */
  readonly cursor: string;
  /** Sequence numbers of the oldest record in the history and of the next one to be produced. */
  readonly heads: { readonly oldest: number; readonly next: number };
  /** Categories that this client may see. */
  readonly sees: readonly LogCategory[];
  readonly filter: FilterSpec;
  readonly limits: LimitsData;
}

/** What a client may send, told in its `hello`. */
export interface LimitsData {
  readonly message_bytes: number;
  readonly messages: number;
  readonly messages_window_ms: number;
  readonly history_records: number;
  readonly filter: typeof FILTER_LIMITS;
}

/** Records that this client is not given; `from` and `to` are the first and the last of them. */
export interface GapData {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly reason: GapReason;
  /** Whether `history` may have some of them. */
  readonly fetchable: boolean;
}

/** The replay is done; what comes now is live. */
export interface CaughtUpData {
  /** False when records between the cursor and the replay are missing, or cannot be told. */
  readonly recovered: boolean;
  /** Records that are missing; `null` when the cursor belongs to another epoch and nobody can tell. */
  readonly missing: number | null;
  readonly cursor: string;
  /**
   * The cursor was of an earlier epoch, of which the durable trail has given the audit records; all records of this
   * epoch have followed, from the first.
   */
  readonly from_start?: true;
}

/** Sent every few seconds; also shows that the application is alive. */
export interface StatsData {
  readonly cursor: string;
  /** How far this client is behind: records not yet given to it, and the age of the oldest of them. */
  readonly lag: { readonly records: number; readonly ms: number };
  /** Since this client came. */
  readonly delivered: number;
  readonly filtered: number;
  readonly dropped: number;
  /**
   * Records a second that the application produced lately, by level. Not for a client that may not see
   * everything: they would tell it of an incident in what it is kept from, and to count them for each restriction
   * would cost another look at every record. It can count what it is given.
   */
  readonly rates?: Readonly<Record<LogLevel, number>>;
}

export interface ClosingData {
  readonly code: number;
  readonly reason: string;
  readonly reconnect: boolean;
  readonly after_ms: number;
}

/** The state of the durable audit trail was signed. */
export interface AuditCheckpointData {
  /** Entries that the checkpoint covers, from the first of the trail on. */
  readonly size: number;
  /** A C2SP checkpoint: whoever keeps it can later show that the trail was cut or written anew. */
  readonly note: string;
}

export interface ErrorData {
  readonly code: string;
  readonly message: string;
  readonly path?: string;
}

/** A message to one client, beside the batches that clients share. */
export type ServerMessage =
  | { readonly type: 'hello'; readonly data: HelloData; readonly id?: string | number }
  | { readonly type: 'gap'; readonly data: GapData }
  | { readonly type: 'caught_up'; readonly data: CaughtUpData }
  | { readonly type: 'stats'; readonly data: StatsData }
  | { readonly type: 'audit_checkpoint'; readonly data: AuditCheckpointData }
  | { readonly type: 'alert'; readonly data: AlertData }
  | { readonly type: 'closing'; readonly data: ClosingData }
  | { readonly type: 'error'; readonly data: ErrorData; readonly id?: string | number }
  | { readonly type: 'pong'; readonly data: object; readonly id?: string | number };
