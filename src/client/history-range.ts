import { type RecordItem } from './items.js';

/**
 * Records to fetch; a gap is one.
 *
 * @publicApi
 */
export interface HistoryRange {
  /** First `seq`. */
  readonly from: number;
  /** Last `seq`; the newest without it. */
  readonly to?: number;
  /**
   * Most records to answer with.
   * @default 1_000, which is also the most
   */
  readonly limit?: number;
  /** The run that they are of, as in a gap: after a restart the same numbers name others. */
  readonly epoch?: string;
}

/** @publicApi */
export interface HistoryPage {
  /** Those of the range that pass the filter and are still there. */
  readonly records: readonly RecordItem[];
  /** How many of the range are no longer there. */
  readonly missing: number;
  /** `from` of the next page, when the range was not finished. */
  readonly next?: number;
}
