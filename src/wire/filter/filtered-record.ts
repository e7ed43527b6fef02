import { type LogCategory } from '../category.js';
import { type LogLevel } from '../level.js';

/** What a filter looks at: a record of the stream, or whatever has the same fields. */
export interface FilteredRecord {
  readonly category: LogCategory;
  readonly level: LogLevel;
  readonly logger: string;
  readonly message: string;
  readonly module?: string;
  readonly function?: string;
  readonly action?: unknown;
  readonly metadata?: unknown;
  readonly error?: unknown;
  readonly truncated: boolean;
  readonly extra: Readonly<Record<string, unknown>>;
}
