/** Fewer than these say little; of a property that is dear, this is all. */
const FEWEST = 20;

/** Part of the runs that a contributor waits for. */
const SHARE = 1 / 8;

/**
 * How often a property is tried: all the runs that it deserves in CI (or with `PROPERTY_RUNS=all`), some of them while
 * somebody waits. Every run starts from a seed of its own, so that many short ones find what one long one does;
 * fast-check prints the seed of one that failed.
 */
export function runs(all: number): number {
  const full = process.env['PROPERTY_RUNS'] === 'all' || process.env['CI'] === 'true';
  return full ? all : Math.min(all, Math.max(FEWEST, Math.ceil(all * SHARE)));
}
