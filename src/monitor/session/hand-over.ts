import { setTimeout as pause } from 'node:timers/promises';
import { type ClientSession } from './client-session.js';

/** How often clients are looked at that have not taken everything, in milliseconds. */
const LOOK_MS = 5;

/**
 * Writes everything that was logged to the clients, in this turn of the event loop as far as their sockets take it, and
 * waits for the rest.
 *
 * @param flush writes what waits for the next flush
 * @returns whether the operating system has taken everything for every client that wants it, in time
 */
export async function handOver(
  sessions: { values(): Iterable<ClientSession> },
  flush: () => void,
  timeoutMs: number,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    flush();
    if ([...sessions.values()].every(({ closing, handedOver }) => closing || handedOver)) return true;
    const left = deadline - performance.now();
    if (left <= 0) return false;
    await pause(Math.min(LOOK_MS, left));
  }
}
