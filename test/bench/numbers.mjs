/** How the report prints numbers. */

export function micros(value) {
  return value.toFixed(value < 10 ? 2 : 1);
}

export function millis(value) {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}

export function percent(share, digits = 1) {
  return `${(100 * share).toFixed(digits)} %`;
}

export function spread({ low, high }, digits) {
  return `${low.toFixed(digits)}-${high.toFixed(digits)}`;
}

/** A median with its quartiles. */
export function ranged(sample, digits) {
  return `${sample.median.toFixed(digits)} (${spread(sample, digits)})`;
}

export function whole(value) {
  return Math.round(value).toLocaleString('en');
}
