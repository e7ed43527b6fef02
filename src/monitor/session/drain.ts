import { setTimeout as pause } from 'node:timers/promises';
import { type ClientSession } from './client-session.js';
import { type Farewell } from './farewell.js';
import { SendProgress } from './send-progress.js';

/** How long a shutdown waits for clients that still read, in milliseconds. */
const DEADLINE_MS = 3_000;

/** Who takes nothing for this long meanwhile is not waited for, in milliseconds. */
const IDLE_MS = 1_000;

/** How often they are looked at, in milliseconds. */
const LOOK_MS = 20;

/**
 * Says goodbye to each client as soon as it has got everything that was logged: to nearly all at once, to those that
 * are catching up when they have, and at the deadline to the rest.
 *
 * @param sessions all that are there; those that go meanwhile are left out of it
 * @param flush writes what waits for the next flush
 */
export async function drain(
  sessions: { values(): Iterable<ClientSession> },
  flush: () => void,
  farewell: Farewell,
): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  const progress = new Map([...sessions.values()].map((session) => [session, new SendProgress(session)]));
  for (;;) {
    // Also what the rest of the app logs while it shuts down.
    flush();
    const now = performance.now();
    const waiting = [...sessions.values()].filter((session) => !session.closing);
    if (waiting.length === 0) return;
    for (const session of waiting) {
      const takes = (progress.get(session)?.idleFor(now) ?? 0) < IDLE_MS;
      if (session.drained || !takes || now >= deadline) session.close(farewell);
    }
    if (waiting.every(({ closing }) => closing)) return;
    await pause(LOOK_MS);
  }
}
