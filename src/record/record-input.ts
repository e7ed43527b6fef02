import { type LevelName } from '../wire/level.js';

/**
 * A record to publish: the fields of `data` on the wire, most of them optional. All further fields are extra
 * fields of the record.
 *
 * @publicApi
 */
export interface RecordInput {
  readonly message: string;
  /** @default 'INFO' */
  readonly level?: LevelName;
  /** @default 'root' */
  readonly logger?: string;
  /**
   * When it happened: ISO 8601, milliseconds since the epoch, or a `Date`.
   * @default now
   */
  readonly timestamp?: string | number | Date;
  readonly module?: string;
  readonly function?: string;
  readonly line?: number;
  readonly [field: string]: unknown;
}
