import { type NestLogLevel } from '../record/log-call.js';
import { type AuditOrigin } from '../wire/audit-origin.js';

/**
 * One audit record on its way to the {@link AuditSink}.
 *
 * @publicApi
 */
export interface AuditEvent {
  /** UUIDv7 (RFC 9562), the id that the caller's receipt names. */
  readonly id: string;
  readonly origin: Extract<AuditOrigin, 'api' | 'decorator'>;
  readonly level: NestLogLevel;
  /** Logger name, `audit.<name>`. */
  readonly logger: string;
  readonly message: string;
  readonly action: string;
  /** Details of the action; an empty object when there are none. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Further fields, in the order in which they appear on the wire. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * What the promise of an audit call resolves to once the sink has taken the record.
 *
 * @publicApi
 */
export interface AuditReceipt {
  /** Id of the record. */
  readonly id: string;
  /** Position in the durable trail, from 1; only with one. */
  readonly seq?: number;
  /** Chain hash of the trail up to this record, 64 hexadecimal digits; only with a durable trail. */
  readonly hash?: string;
}

/**
 * What happens when a record cannot be kept. `open`: the application goes on as if nothing had happened. `closed`:
 * what cannot be audited is refused; needs a durable sink, as the option `trail` of `LogStreamModule` brings one.
 *
 * @publicApi
 */
export type AuditFailurePolicy = 'open' | 'closed';
