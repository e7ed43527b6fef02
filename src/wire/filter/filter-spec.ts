import { type LogCategory } from '../category.js';
import { type LevelName } from '../level.js';

/** A value that a field of a record is compared with. */
export type FieldValue = string | number | boolean | null;

/**
 * Which records somebody wants. All conditions that are given must hold; an empty filter lets everything pass.
 *
 * @publicApi
 */
export interface FilterSpec {
  /** One category; both without it. */
  readonly category?: LogCategory;
  /** Lowest level, by either of its names. */
  readonly level?: LevelName;
  /** Exactly these levels. */
  readonly levels?: readonly LevelName[];
  /** Names of loggers, any of which may match; `*` stands for any characters, dots included. */
  readonly logger?: string | readonly string[];
  /** Actions of audit records, any of which may match; `*` as in {@link logger}. System records never match. */
  readonly action?: string | readonly string[];
  /**
   * Text that occurs in the record as it is shown, in any case: the time in UTC, the level, the logger, the message and
   * the fields behind it as `name=value`, in this order. Colour codes are left out.
   */
  readonly search?: string;
  /**
   * Fields that must have these values; a dot leads into an object, as in `metadata.instance_id`. Values are
   * compared as text, so that `512` from a URL finds `512` in a record.
   */
  readonly where?: Readonly<Record<string, FieldValue>>;
  /** Records that match this filter do not pass. */
  readonly not?: FilterSpec;
}

/** How each condition stands in a URL: one text, a list (`logger=app.*,audit.*`), or a prefix (`where.name=`, `not.level=`). */
export const FILTER_PARAMETERS = {
  category: 'text',
  level: 'text',
  levels: 'list',
  logger: 'list',
  action: 'list',
  where: 'prefix',
  search: 'text',
  not: 'prefix',
} as const satisfies Readonly<Record<keyof Required<FilterSpec>, 'text' | 'list' | 'prefix'>>;

/**
 * What a filter may cost. Compiling happens once, matching once per record and group of watchers.
 *
 * @publicApi
 */
export const FILTER_LIMITS = {
  /** Characters of a text or pattern. */
  text: 256,
  /** Patterns in one list. */
  patterns: 32,
  /** Fields in `where`. */
  fields: 16,
  /** Filters inside of `not`. */
  depth: 4,
} as const;
