import { type LogCategory } from '../category.js';
import { type LogLevel } from '../level.js';

/** What a filter looks at: a record of the stream, or whatever has the same fields. */
export interface FilteredRecord {
  readonly category: LogCategory;
  /** ISO 8601, UTC. */
  readonly timestamp?: unknown;
  readonly level: LogLevel;
  readonly logger: string;
  readonly message: string;
  readonly module?: string;
  readonly function?: string;
  readonly line?: number;
  readonly action?: unknown;
  readonly metadata?: unknown;
  readonly error?: unknown;
  readonly id?: unknown;
  readonly origin?: unknown;
  readonly truncated: boolean;
  readonly extra: Readonly<Record<string, unknown>>;
  /** Of the request that it was logged in, where the record keeps that apart. */
  readonly story?: object;
}
