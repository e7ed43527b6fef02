import { setTimeout as pause } from 'node:timers/promises';

/** Longest wait for handshakes and for what is under way, in milliseconds. */
const PATIENCE_MS = 10_000;

/**
 * Waits until something is so, or for as long as patience lasts.
 *
 * @param {() => boolean} condition
 * @returns {Promise<boolean>} whether it became so
 */
export async function until(condition) {
  const start = performance.now();
  while (!condition()) {
    if (performance.now() - start > PATIENCE_MS) return false;
    await pause(5);
  }
  return true;
}
