import { type AuditOrigin } from '../wire/audit-origin.js';
import { type LogLevel } from '../wire/level.js';
import { type PlainError } from '../wire/plain-error.js';
import { type GapReason } from '../wire/gap-reason.js';

/** What every record has. */
interface RecordFields {
  /** UTC, ISO 8601, milliseconds. */
  readonly timestamp: string;
  readonly level: LogLevel;
  /** Nest's context, `root` when there is none. */
  readonly logger: string;
  readonly message: string;
  readonly error?: PlainError;
  /** Something was cut for its size. */
  readonly truncated?: true;
  /** Extra fields of the log call. */
  readonly [field: string]: unknown;
}

/**
 * A system record as it stands on the wire.
 *
 * @publicApi
 */
export interface SystemRecord extends RecordFields {
  /** File name of the caller, without directory and extension; left out when unknown, as `function` and `line`. */
  readonly module?: string;
  readonly function?: string;
  /** From 1. */
  readonly line?: number;
}

/**
 * An audit record as it stands on the wire.
 *
 * @publicApi
 */
export interface AuditRecord extends RecordFields {
  /** UUIDv7, the id that the caller's receipt names. */
  readonly id: string;
  /** What made it an audit record; only `api` and `decorator` cannot be forged by logged text. */
  readonly origin: AuditOrigin;
  /** What was done, as `instance_spawn`: a text, unless somebody logged something else by hand. */
  readonly action?: unknown;
  readonly metadata?: unknown;
}

/** Where an item stands. */
interface Place {
  /** Of the run of the application that it comes from: `seq` starts at 1 in each. */
  readonly epoch: string;
  /** To resume behind this item: `connect(url, { replay: { after: cursor } })`. Opaque. */
  readonly cursor: string;
}

/** @publicApi */
export interface SystemItem extends Place {
  readonly type: 'system_log';
  /** Counts all records of the run, before any filter, from 1. */
  readonly seq: number;
  readonly data: SystemRecord;
}

/** @publicApi */
export interface AuditItem extends Place {
  readonly type: 'audit_log';
  /** Counts all records of the run, before any filter, from 1. */
  readonly seq: number;
  readonly data: AuditRecord;
}

/**
 * Records that are missing here, whether or not they would have passed the filter.
 *
 * @publicApi
 */
export interface GapItem extends Place {
  readonly type: 'gap';
  /** `seq` of the first and of the last of them. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly reason: GapReason;
  /** Whether `history` may have some of them, as the audit records from a trail. */
  readonly fetchable: boolean;
}

/**
 * Records that are missing here, and nobody can tell how many: the application has restarted, or keeps no history.
 * Behind it comes the present run from its beginning, as far as it is still there; behind `other_process` what was not
 * seen of it yet.
 *
 * @publicApi
 */
export interface LostItem extends Place {
  readonly type: 'lost';
  /**
   * `restarted`: another run answers. `not_recovered`: the server does not know the cursor. `other_process`, once for a
   * client: a run answers that had been left for another. Several processes share the address, and what they log
   * comes of one at a time, of the others when the client is led to them again.
   */
  readonly reason: 'restarted' | 'not_recovered' | 'other_process';
  /** The run whose records are missing, where it is known. */
  readonly previousEpoch?: string;
}

/** @publicApi */
export type RecordItem = SystemItem | AuditItem;

/**
 * What a client yields. Records, gaps and losses come in their order, so that who reads them all knows of every
 * record whether it was there.
 *
 * @publicApi
 */
export type LogStreamItem = RecordItem | GapItem | LostItem;
