import { type Alert } from '../wire/alert.js';
import { type FilterSpec } from '../wire/filter/filter-spec.js';

/**
 * Calls a function of the app's when records match: to post to a chat, to page somebody.
 *
 * @publicApi
 */
export interface AlertOptions {
  /** What it is called, in calls of {@link to}, on the dashboard and in metrics; each alert has another. */
  name: string;
  /** Which records count, as clients filter them. */
  filter: FilterSpec;
  /**
   * How many records have to match within {@link withinMs}, 1 to 10,000.
   * @default 1
   */
  count?: number;
  /**
   * In milliseconds, 1 to 86,400,000.
   * @default 60_000
   */
  withinMs?: number;
  /**
   * The alert fires at most once in this time, in milliseconds, 0 to 86,400,000; what matches meanwhile is counted, and
   * told when it fires again.
   * @default 60_000
   */
  everyMs?: number;
  /**
   * Called apart from the log call, one call at a time. What it throws, rejects with, or does not answer within 30 s is
   * counted and said once; what it logs itself never matches an alert.
   */
  to: (alert: Alert) => unknown;
}

/** {@link AlertOptions}, complete. */
export type ResolvedAlert = Readonly<Required<AlertOptions>>;
