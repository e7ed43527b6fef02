import { type TrailReport } from '../evidence/verify/trail-report.js';
import { type AppendedBatch } from './appended-batch.js';
import { type OpenIntent } from './open-intent.js';
import { type PruneBounds, type PruneResult } from './pruned.js';
import { type TrailError } from './trail-error.js';
import { type TrailProblem } from './trail-status.js';
import { type TrailView } from './trail-view.js';
import { type WrittenCheckpoint } from './written-checkpoint.js';

/** What was found when a trail was opened for writing. */
export interface OpenedTrail {
  /** Id of the trail. */
  readonly trail: string;
  /** Verifier key (C2SP vkey) that signs now. */
  readonly verifier: string;
  /** The signing key was made now, in {@link keyPath}. */
  readonly keyCreated: boolean;
  /** Where the key lies, unless it was given. */
  readonly keyPath: string | undefined;
  /** The last entry; 0 of an empty trail. */
  readonly last: number;
  /** The newest checkpoint. */
  readonly checkpoint: WrittenCheckpoint | undefined;
}

/** What a backend says unasked, in the order in which it happens. */
export interface BackendListener {
  /** A checkpoint was made: committed, and not necessarily anchored. */
  checkpoint(checkpoint: WrittenCheckpoint): void;
  /** What failed beside an append, as signing, anchoring or pruning; `undefined` when it works again. */
  upkeep(problem: TrailProblem | undefined): void;
  /** The space that is left has come below the limit, or is above it again. */
  space(space: { readonly free: number; readonly isLow: boolean }): void;
  /** A step of a pruning was done. */
  pruning(step: number): void;
  /** Nothing can be asked any more: `closed` when it was told to, else it has come to its end by itself. */
  ended(error: TrailError): void;
}

/**
 * What stores a trail: one chain, whoever else appends to it. Every error is a `TrailError`; one that is `final` says
 * that this backend takes nothing more.
 */
export interface TrailBackend {
  /**
   * Opens the trail, makes it where there is none, and checks that what is there fits together: nothing may be appended
   * to what was tampered with. To be called once, before all else.
   *
   * @throws TrailError that says what to change; nothing is held then
   */
  open(): Promise<OpenedTrail>;
  /**
   * Stores a batch in one transaction, in its order. It resolves when all of it that was not refused is durable, and
   * rejects when none of it is. An entry whose id is stored already is answered with where it stands, and not stored twice.
   *
   * @param batch a JSON array of `NewEntry`, as `draftOf` writes them
   */
  append(batch: string): Promise<AppendedBatch>;
  /** Records that a stream begins whose records will come: `TrailView.positionAfter` then knows it. */
  beginEpoch(epoch: string): Promise<void>;
  /** Calls of runs that have ended, and of which no entry says how they ended. */
  openIntents(): Promise<OpenIntent[]>;
  /** Signs what is committed, unless that was done. */
  checkpoint(): Promise<WrittenCheckpoint>;
  /**
   * Changes the key that signs; both sign that they do.
   *
   * @param pem made without it, where the key lies in a file of the trail
   * @returns the new verifier key
   */
  rotateKey(pem: string | undefined): Promise<string>;
  /** Deletes from the beginning, provably: a signed entry `pruned` first. Appends go on meanwhile. */
  prune(bounds: PruneBounds): Promise<PruneResult>;
  /** Signs what is not signed, and lets go of all that it has open. Ends a pruning that runs. Never rejects. */
  close(): Promise<void>;
  /** Ends it wherever it is, as a process that is killed. Never rejects. */
  terminate(): Promise<void>;
}

/** Against what a trail is verified. Crosses between threads. */
export interface VerifyRequest {
  /** File of anchors. */
  readonly anchors?: string;
  /** Verifier keys that are trusted; none: the first one that the trail names, on first use. */
  readonly trusted: readonly string[];
}

/** How far a verification is. */
export interface VerifyProgress {
  readonly entries: number;
  readonly of: number;
}

/** How a verification is watched, and stopped. */
export interface VerifyRun {
  readonly onProgress?: (progress: VerifyProgress) => void;
  /** Ends it, wherever it is. */
  readonly signal?: AbortSignal;
}

/** Where a trail is kept, for readers. Making one opens nothing. */
export interface TrailLocation {
  /** As people know it, for messages: a path, or a URL without its secrets. */
  readonly name: string;
  /** For a reader, here or in another process than the writer. */
  view(): TrailView;
  /**
   * Verifies all that is stored, written to or not, as it is at the start, and without holding up this thread.
   *
   * @throws TrailError as a rejection when nothing could be verified, `closed` when it was stopped; what is wrong with
   * the trail is in the report
   */
  verify(request: VerifyRequest, run?: VerifyRun): Promise<TrailReport>;
}

/** Where a trail is kept, with all that it takes to write to it. */
export interface WritableTrail extends TrailLocation {
  /**
   * Makes one backend, which opens nothing yet.
   *
   * @throws TrailError `unsupported` where it cannot work at all
   */
  connect(listener: BackendListener): TrailBackend;
}
