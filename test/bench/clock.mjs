/**
 * Milliseconds by the machine's monotonic clock, which all processes of a run share. (The `timeOrigin` of
 * `performance` would add the steps of the wall clock between their starts.)
 */
export function now() {
  return Number(process.hrtime.bigint()) / 1e6;
}
