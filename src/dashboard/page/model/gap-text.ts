import { count } from './format.js';
import { type GapRow } from './row.js';

const REASONS: Readonly<Record<string, string>> = {
  slow_consumer: 'this page read too slowly',
  evicted: 'the server no longer had them',
  rate_limit: 'more than the server sends',
  broker: 'lost between servers',
  earlier: 'logged before',
};

/** How many are missing, as `8 skipped`. */
export function gapCount({ reason, count: missing }: GapRow): string {
  return reason === 'earlier' ? `${count(missing)} earlier` : `${count(missing)} skipped`;
}

/** Why. */
export function gapReason({ reason }: GapRow): string {
  return REASONS[reason] ?? reason;
}

export function gapText(row: GapRow): string {
  return `${gapCount(row)}, ${gapReason(row)}`;
}
