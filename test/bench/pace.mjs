import { setTimeout as pause } from 'node:timers/promises';

/** A timer for each of a thousand lines a second would itself cost some percent of a core. */
const PACE_MS = 5;

/**
 * Logs so many lines a second, those that are due every few milliseconds.
 *
 * @param {(count: number) => void} log
 * @param {{ seconds: number, perSecond: number }} pace
 * @returns {Promise<number>} lines that were logged
 */
export async function logPaced(log, { seconds, perSecond }) {
  const start = performance.now();
  const total = Math.round(seconds * perSecond);
  for (let logged = 0; logged < total;) {
    await pause(PACE_MS);
    const due = Math.min(Math.floor(((performance.now() - start) / 1000) * perSecond), total);
    log(due - logged);
    logged = due;
  }
  return total;
}
