import { type AlertData } from '../wire/alert.js';
import {
  type AuditCheckpointData,
  type CaughtUpData,
  type ClosingData,
  type ErrorData,
  type GapData,
  type HelloData,
  type StatsData,
} from '../wire/server-message.js';
import { type FilterSpec } from '../wire/filter/filter-spec.js';
import { type RecordItem } from './items.js';

/** A record as the server sends it. */
export type WireRecord = Pick<RecordItem, 'type' | 'seq' | 'data'>;

/** Data of a `reply`: what it has depends on what was asked. */
export interface ReplyData {
  readonly cursor: string;
  readonly filter: FilterSpec;
  readonly records: readonly WireRecord[];
  readonly missing: number;
  readonly next?: number;
}

/** A message of the server; docs/protocol.md. */
export type ServerFrame = { readonly id?: string | number } & (
  | { readonly type: 'hello'; readonly data: HelloData }
  | {
      readonly type: 'batch';
      readonly data: readonly WireRecord[];
      readonly cursor: string;
      /** Of the records, where they are of an earlier run. */
      readonly epoch?: string;
    }
  | { readonly type: 'gap'; readonly data: GapData }
  | { readonly type: 'caught_up'; readonly data: CaughtUpData }
  | { readonly type: 'stats'; readonly data: StatsData }
  | { readonly type: 'audit_checkpoint'; readonly data: AuditCheckpointData }
  | { readonly type: 'alert'; readonly data: AlertData }
  | { readonly type: 'closing'; readonly data: ClosingData }
  | { readonly type: 'error'; readonly data: ErrorData }
  | { readonly type: 'reply'; readonly data: ReplyData }
  | { readonly type: 'pong'; readonly data: object }
);

/**
 * Reads the outer form of a message. What is in it is the server's promise, given with `version` in its `hello`.
 *
 * @returns `undefined` when it is none, as from an endpoint that is no monitor
 */
export function parseFrame(text: unknown): ServerFrame | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    const { type, data } = (value ?? {}) as { type?: unknown; data?: unknown };
    return typeof type === 'string' && typeof data === 'object' && data !== null
      ? (value as ServerFrame)
      : undefined;
  } catch {
    return undefined;
  }
}
