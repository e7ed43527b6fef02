import { type Finding } from './finding.js';
import { type Verdict } from './verdict.js';

/** Signed notes of one source. */
export interface NoteCounts {
  /** All that were given. */
  readonly given: number;
  /** Signed by a key in force, and of the same history as the entries. */
  readonly agree: number;
}

/**
 * What a verification found, and what it could not.
 *
 * @publicApi
 */
export interface TrailReport {
  /** `ok`, or the worst of the findings. */
  readonly verdict: Verdict;
  /** Exit code of the command line for it (`VERIFY_EXIT_CODES`). */
  readonly exitCode: number;
  /** Id of the trail. */
  readonly trail: string;
  /** First entry at which something is wrong. */
  readonly firstBadSeq?: number;
  /** Entries that were read. */
  readonly entries: number;
  /** Entries up to this one were pruned by the trail's own retention; 0 when none were. */
  readonly prunedThrough: number;
  /** The last entry. */
  readonly last: number;
  /** The last entry that is shown unaltered by a note of a trusted key. */
  readonly signedThrough: number;
  /** The last entry that is shown unaltered by a note kept elsewhere. */
  readonly anchoredThrough: number;
  readonly checkpoints: NoteCounts;
  readonly anchors: NoteCounts;
  /** `given`: by the auditor. `first_use`: taken from the trail itself. */
  readonly trust: 'given' | 'first_use';
  /** Verifier keys that signed, oldest first. */
  readonly keys: readonly string[];
  /** Those of them that the auditor gave, or that follow by hand-over from one that he gave. */
  readonly trustedKeys: readonly string[];
  /** The first hundred. */
  readonly findings: readonly Finding[];
  /** All of them. */
  readonly findingCount: number;
  /** What could not be established, in sentences. Holds also when the verdict is `ok`. */
  readonly notEstablished: readonly string[];
}
