import { auditFacts } from './audit-facts.js';
import { SPARSE, type SparseColumn } from './columns.js';
import { type RecordRow, type Row } from './row.js';

/** Rows that are looked at. */
const NEWEST = 200;

/** Share of them from which on a column is worth its room, and below which it is no longer: apart, or it would flicker. */
const WORTH = 0.3;
const UNWORTH = 0.1;

/** @param before those that were */
export function filledColumns(
  rows: readonly Row[],
  before: ReadonlySet<SparseColumn>,
): ReadonlySet<SparseColumn> {
  const newest = rows.slice(-NEWEST).filter((row): row is RecordRow => row.kind === 'record');
  const facts = newest.map(({ data }) => auditFacts(data));
  const filled = {
    outcome: facts.filter(({ outcome }) => outcome !== undefined).length,
    duration: facts.filter(({ durationMs }) => durationMs !== undefined).length,
  };
  return new Set(
    SPARSE.filter((column) => {
      const share = newest.length === 0 ? 0 : filled[column] / newest.length;
      return share >= (before.has(column) ? UNWORTH : WORTH);
    }),
  );
}
