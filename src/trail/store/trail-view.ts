import { type TrailEvidence } from '../evidence/verify/verify-trail.js';
import { type FilterSpec } from '../../wire/filter/filter-spec.js';
import { type Hold } from './hold.js';
import { type PrunableStretch, type PruneBounds } from './pruned.js';
import { type StreamPosition, type TrailEntry } from './trail-entry.js';
import { type TrailPage, type TrailQuery } from './trail-query.js';
import { type WrittenCheckpoint } from './written-checkpoint.js';

/** From where a client of a stream goes on in the trail. */
export interface TrailPosition {
  /** Everything that the client has not seen is behind this entry; it may have seen some of that. */
  readonly seq: number;
  /** False when some of what it has not seen was pruned. */
  readonly complete: boolean;
}

/** What a trail holds. */
export interface TrailSummary {
  readonly trail: string;
  /** Verifier keys (C2SP vkey): the key that signed first, and the one that signs now. */
  readonly firstVerifier: string | undefined;
  readonly verifier: string | undefined;
  /** First and last entry; 0 of an empty trail. */
  readonly first: number;
  readonly last: number;
  /** Bytes of the file, without its write-ahead log. */
  readonly bytes: number;
  readonly prunedThrough: number;
}

/** A checkpoint as it is stored. */
export type StoredCheckpoint = Omit<WrittenCheckpoint, 'time'>;

/**
 * Everything of a trail at one moment, for `verifyTrail` and `exportTrail`: what is appended meanwhile does not show.
 * Read once. Until it is disposed of, a store may not be able to give back what was deleted meanwhile.
 */
export interface EvidenceSnapshot extends TrailEvidence, AsyncDisposable {
  /** The last entry. */
  readonly last: number;
  readonly prunedThrough: number;
}

/**
 * Reads a trail while others write to it, and cannot change it. Opened by its first question, so that making one costs
 * nothing. Every error is a `TrailError`; what is asked after {@link close} is refused with `closed`.
 */
export interface TrailView extends AsyncDisposable {
  /**
   * One page of entries. A slow search holds up neither the caller's thread nor a commit: a page that was looked for
   * long enough may be short, and leads on.
   *
   * @param held filters all of which must let a record pass, for somebody who must learn of no others: what is hidden
   * must show neither in the page, nor in `next`, nor in the time that it takes
   * @throws TrailError `invalid_query` that names the field
   */
  query(query: TrailQuery, held?: readonly FilterSpec[]): Promise<TrailPage>;
  /** Holds in force, in the order in which they were placed. */
  holds(): Promise<Hold[]>;
  summary(): Promise<TrailSummary>;
  /** @returns `undefined` when the trail does not know the stream */
  positionAfter(position: StreamPosition): Promise<TrailPosition | undefined>;
  /** Entries behind a position. */
  countSince(seq: number): Promise<number>;
  /** The newest signed checkpoint. */
  lastCheckpoint(): Promise<StoredCheckpoint | undefined>;
  /** What a prune would delete, of what is signed already; `through` is before `from` when that is nothing. */
  prunable(bounds: PruneBounds): Promise<PrunableStretch>;
  evidence(): Promise<EvidenceSnapshot>;
  /**
   * Entries behind a position, and then those that are committed from now on, whoever commits them, in their order and
   * each once.
   *
   * @param signal ends it, quietly
   */
  tail(after: number, signal: AbortSignal): AsyncIterable<TrailEntry>;
  /** Lets go of all that it has open. Never rejects. */
  close(): Promise<void>;
}
