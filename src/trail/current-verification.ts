import { setTimeout } from 'node:timers/promises';
import { type VerificationAnswer } from '../wire/trail-answers.js';
import { type TrailReport } from './evidence/verify/trail-report.js';
import { type TrailVerification, type VerifiedTrail } from './trail-verification.js';

/** A report is given again for so long, whoever asks: a verification reads the whole trail. */
const FRESH_MS = 60_000;

/** Who asks waits for so long, and is then told how far it is: proxies give up on longer silence. */
const WAIT_MS = 10_000;

/**
 * The last verification; runs one when that is older than a minute, or was never done.
 *
 * @param waitMs how long that one is waited for
 */
export async function currentVerification(
  verification: TrailVerification,
  waitMs = WAIT_MS,
): Promise<VerificationAnswer<TrailReport>> {
  const { last } = verification;
  if (!last || ageOf(last) > FRESH_MS) await orAfter(waitMs, verification.verify());
  const { last: verified, progress, isRunning } = verification;
  return {
    report: verified?.report ?? null,
    at: verified ? new Date(verified.at).toISOString() : null,
    durationMs: verified ? Math.round(verified.durationMs) : null,
    running: isRunning ? (progress ?? { entries: 0, of: 0 }) : null,
  };
}

/** From its end: one that takes longer than a report is fresh would run all the time. */
function ageOf({ at, durationMs }: VerifiedTrail): number {
  return Date.now() - (at + durationMs);
}

async function orAfter(ms: number, work: Promise<unknown>): Promise<void> {
  const done = new AbortController();
  try {
    await Promise.race([work, setTimeout(ms, undefined, { signal: done.signal, ref: false })]);
  } finally {
    done.abort();
  }
}
