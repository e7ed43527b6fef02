import { type WrittenCheckpoint } from './written-checkpoint.js';
import { type TrailErrorCode } from './trail-error.js';

/**
 * - `ok`: the last entries were committed;
 * - `failing`: the last ones were not, later ones may be;
 * - `failed`: nothing more is stored until a restart;
 * - `closed`.
 *
 * @publicApi
 */
export type TrailState = (typeof TRAIL_STATES)[number];

export const TRAIL_STATES = ['ok', 'failing', 'failed', 'closed'] as const;

/** Something went wrong. */
export interface TrailProblem {
  readonly code: TrailErrorCode;
  readonly message: string;
}

/**
 * How the trail is.
 *
 * @publicApi
 */
export interface TrailStatus {
  readonly state: TrailState;
  /** Why it is not `ok`. */
  readonly problem: TrailProblem | undefined;
  /** Why there is no checkpoint over the last entries, or no anchor of it; tried again by itself. */
  readonly checkpointProblem: TrailProblem | undefined;
  /** The last entry that is committed. */
  readonly last: number;
  /** Entries and transactions committed since the start. */
  readonly committed: number;
  readonly commits: number;
  /** Entries that wait for their commit. */
  readonly queued: number;
  /** Entries in the spool, and its size in bytes. */
  readonly spooled: number;
  readonly spoolBytes: number;
  /** Entries lost since the start, each counted in an entry of kind `gap` as soon as the trail works. */
  readonly lost: number;
  readonly checkpoint: WrittenCheckpoint | undefined;
  /** The disk has less room than `trail.space.lowBytes`: intents are refused. */
  readonly lowSpace: boolean;
}

/** The key that signs, as somebody should be told it. */
export interface TrailKey {
  /** Verifier key (C2SP vkey): what an auditor needs to verify the trail. */
  readonly verifier: string;
  /** Where it lies, unless it was given by an option. */
  readonly path: string | undefined;
  /** True when it was made by this start. */
  readonly created: boolean;
}
