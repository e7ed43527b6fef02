/**
 * @typedef {object} Sample
 * @property {number} median
 * @property {number} low
 * @property {number} high
 */

/**
 * The middle of several measurements: other work on the machine makes single ones too slow, never too fast.
 *
 * @param {readonly number[]} values
 * @returns {Sample} with the quartiles as its spread, which one disturbed round does not move
 */
export function sample(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: quantile(sorted, 0.5), low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) };
}

/** Ratios of values that were measured one after the other, so that a slow minute hits both sides. */
export function ratio(values, base) {
  return sample(values.map((value, round) => value / base[round]));
}

/** How much more values are than others that were measured with them. */
export function difference(values, base) {
  return sample(values.map((value, round) => value - base[round]));
}

/**
 * In turns, and each round in another order: nobody is always first after a pause or always after the loudest.
 *
 * @template T
 * @param {readonly T[]} items
 * @param {number} round
 * @returns {T[]}
 */
export function rotated(items, round) {
  const start = (round * 5) % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

function quantile(sorted, share) {
  const position = (sorted.length - 1) * share;
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
}
