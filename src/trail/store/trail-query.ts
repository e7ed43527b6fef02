import { LOG_LEVELS, type LogLevel } from '../../wire/level.js';
import { queryMustBe, queryUnknown } from './store.messages.js';
import { TRAIL_ENTRY_KINDS, type TrailEntry, type TrailEntryKind } from './trail-entry.js';
import { TrailError } from './trail-error.js';

export const LARGEST_PAGE = 500;
const DEFAULT_PAGE = 100;
const LONGEST_TEXT = 1_024;

/**
 * Which entries are wanted; all conditions must hold, none means all entries.
 *
 * @publicApi
 */
export interface TrailQuery {
  /** Only entries behind this position; where a page in ascending order goes on. */
  readonly after?: number;
  /** Only entries ahead of this position; where a page in descending order goes on. */
  readonly before?: number;
  /** @default 'asc' */
  readonly order?: 'asc' | 'desc';
  /**
   * Most entries of a page, 1 to 500.
   * @default 100
   */
  readonly limit?: number;
  /** @default all */
  readonly kinds?: readonly TrailEntryKind[];
  readonly id?: string;
  /** An action, or with `*` at its end the beginning of one. */
  readonly action?: string;
  /** Id of the actor. */
  readonly actor?: string;
  /** Id of a target. */
  readonly target?: string;
  readonly outcome?: string;
  /** The lowest level. */
  readonly level?: LogLevel;
  /** Name of the logger, in which `*` stands for any characters. */
  readonly logger?: string;
  /** ISO 8601, or milliseconds since the epoch: of this time and later. */
  readonly from?: string | number | Date;
  /** Of before this time. */
  readonly to?: string | number | Date;
  /** A text that stands somewhere in the entry, in any case. */
  readonly text?: string;
}

/**
 * An entry that was found and is not shown: its payload, its hash or what it was found by is not what was stored.
 *
 * @publicApi
 */
export interface DamagedEntry {
  readonly seq: number;
  /** What is wrong, as a sentence. */
  readonly problem: string;
}

/** How far a trail was found to be what was signed. */
export interface VerifiedThrough {
  /** The last entry. */
  readonly through: number;
  /** When, ISO 8601. */
  readonly at: string;
}

/**
 * Entries of a query. A page that was looked for long enough may be short, even empty: only without `next` are
 * there no more.
 *
 * @publicApi
 */
export interface TrailPage {
  readonly entries: readonly TrailEntry[];
  /** What was found as well and is not what was stored; absent where there is none. `audit verify` says more. */
  readonly damaged?: readonly DamagedEntry[];
  /** Give it as `after` (ascending) or `before` (descending) for the next page. */
  readonly next?: number;
  /** The last entry of the trail as the page was read. */
  readonly head: number;
  /**
   * What the last verification in this process has shown, `null` before the first: each row of a page is compared with
   * its own payload and hash, and only a verification knows of entries that are missing.
   */
  readonly verified?: VerifiedThrough | null;
}

/** A {@link TrailQuery} after validation. Times as text. */
export interface ResolvedQuery extends Omit<TrailQuery, 'from' | 'to'> {
  readonly order: 'asc' | 'desc';
  readonly limit: number;
  readonly from?: string;
  readonly to?: string;
}

type Check = (field: string, value: unknown) => unknown;

const CHECKS: Readonly<Record<keyof TrailQuery, Check>> = {
  after: position,
  before: position,
  order: oneOf(['asc', 'desc']),
  limit: (field, value) =>
    demand(
      field,
      `a whole number from 1 to ${LARGEST_PAGE}`,
      value,
      Number.isInteger(value) && Number(value) >= 1 && Number(value) <= LARGEST_PAGE,
    ),
  kinds: (field, value) =>
    demand(
      field,
      `an array of ${TRAIL_ENTRY_KINDS.join(', ')}`,
      value,
      Array.isArray(value) && value.every((kind: TrailEntryKind) => TRAIL_ENTRY_KINDS.includes(kind)),
    ),
  id: text,
  action: text,
  actor: text,
  target: text,
  outcome: text,
  level: oneOf(LOG_LEVELS),
  logger: text,
  from: time,
  to: time,
  text,
};

/** @throws TrailError `invalid_query` that names the field */
export function resolveQuery(query: TrailQuery = {}): ResolvedQuery {
  const resolved: Record<string, unknown> = { order: 'asc', limit: DEFAULT_PAGE };
  for (const [field, value] of Object.entries(query) as [string, unknown][]) {
    if (value === undefined) continue;
    if (!Object.hasOwn(CHECKS, field)) refuse(queryUnknown(field, Object.keys(CHECKS)));
    resolved[field] = CHECKS[field as keyof TrailQuery](field, value);
  }
  return resolved as unknown as ResolvedQuery;
}

/** @throws TrailError `invalid_query` */
export function position(field: string, value: unknown): unknown {
  return demand(field, 'a whole number from 0', value, Number.isSafeInteger(value) && Number(value) >= 0);
}

/** A time as the trail writes it. @throws TrailError `invalid_query` */
export function time(field: string, value: unknown): string {
  const isTime = typeof value === 'string' || typeof value === 'number' || value instanceof Date;
  const date = new Date(isTime ? value : Number.NaN);
  // Years beyond four digits are written otherwise, and would not sort.
  demand(field, 'a time in ISO 8601 or milliseconds', value, /^\d{4}-/.test(safeIso(date)));
  return date.toISOString();
}

function safeIso(date: Date): string {
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}

function text(field: string, value: unknown): unknown {
  const isText = typeof value === 'string' && value !== '' && value.length <= LONGEST_TEXT;
  return demand(field, `a text of 1 to ${LONGEST_TEXT} characters`, value, isText);
}

function oneOf(allowed: readonly string[]): Check {
  return (field, value) =>
    demand(field, `one of ${allowed.join(', ')}`, value, allowed.includes(value as string));
}

function demand<T>(field: string, expected: string, value: T, holds: boolean): T {
  if (!holds) refuse(queryMustBe(field, expected));
  return value;
}

function refuse(message: string): never {
  throw new TrailError('invalid_query', message);
}
