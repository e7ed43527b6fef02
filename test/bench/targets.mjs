import { table } from './table.mjs';

/**
 * What this package wants to reach, as numbers of one run. A missed target is reported and fails nothing: machines
 * differ, and what guards against a slow change is reading the report.
 *
 * @typedef {object} Target
 * @property {string} what
 * @property {string} limit
 * @property {string} measured the median
 * @property {string} spread the quartiles
 * @property {'yes' | 'no' | 'unclear'} met unclear when the limit lies between the quartiles: this run cannot tell
 */

/** @returns {Target} */
export function atMost(limit, unit, digits, value, what) {
  const met = value.high <= limit ? 'yes' : value.low > limit ? 'no' : 'unclear';
  return { what, limit: `at most ${limit} ${unit}`, ...printed(value, unit, digits), met };
}

/** @returns {Target} */
export function atLeast(limit, unit, digits, value, what) {
  const met = value.low >= limit ? 'yes' : value.high < limit ? 'no' : 'unclear';
  return { what, limit: `at least ${limit} ${unit}`, ...printed(value, unit, digits), met };
}

export function inverse({ median, low, high }) {
  return { median: 1 / median, low: 1 / high, high: 1 / low };
}

export function times(factor, { median, low, high }) {
  return { median: factor * median, low: factor * low, high: factor * high };
}

/** @param {readonly Target[]} targets */
export function targetsTable(targets) {
  return table(
    ['target', 'limit', 'measured', 'quartiles', 'met'],
    targets.map(({ what, limit, measured, spread, met }) => [what, limit, measured, spread, met]),
  );
}

function printed({ median, low, high }, unit, digits) {
  return {
    measured: `${median.toFixed(digits)} ${unit}`,
    spread: `${low.toFixed(digits)}-${high.toFixed(digits)}`,
  };
}
