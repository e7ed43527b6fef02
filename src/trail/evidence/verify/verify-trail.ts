import { DueNotes } from './due-notes.js';
import { type Notes } from './note-queue.js';
import { type StoredEntry } from './stored-entry.js';
import { type TrailReport } from './trail-report.js';
import { TrailVerifier, type TrailVerifierOptions } from './trail-verifier.js';

/** How often progress is reported, in entries. */
export const PROGRESS_EVERY = 10_000;

/** A trail to verify. */
export interface TrailEvidence extends Omit<TrailVerifierOptions, 'trusted' | 'anchored'> {
  /** In the order of `seq`, as the rows have it. */
  readonly entries: Iterable<StoredEntry> | AsyncIterable<StoredEntry>;
  /** Notes that are kept with the entries, in the order of their size. */
  readonly checkpoints: Notes;
}

/** What the auditor brings. */
export interface VerifyOptions extends Pick<TrailVerifierOptions, 'trusted'> {
  /**
   * Notes that were kept elsewhere, in the order in which they were made.
   * @default none
   */
  readonly anchors?: Notes;
  /** Called every 10,000 entries. */
  readonly onProgress?: (entries: number) => void;
}

/** Verifies a trail that is stored: see {@link TrailVerifier}. Reads everything once, in constant memory. */
export async function verifyTrail(
  evidence: TrailEvidence,
  options: VerifyOptions = {},
): Promise<TrailReport> {
  const { trusted = [], anchors, onProgress } = options;
  const verifier = new TrailVerifier({ ...evidence, trusted, anchored: anchors !== undefined });
  const notes = new DueNotes(verifier, evidence.checkpoints, anchors ?? []);
  let count = 0;
  const add = (entry: StoredEntry): void => {
    verifier.entry(entry);
    count += 1;
    if (count % PROGRESS_EVERY === 0) onProgress?.(count);
  };
  try {
    await notes.open();
    // Two loops on purpose: to await each entry of a source that has it ready costs as much as to verify it.
    if (Symbol.iterator in evidence.entries) {
      for (const entry of evidence.entries) {
        if (notes.isDue(entry.seq)) await notes.giveUpTo(entry.seq);
        add(entry);
      }
    } else {
      for await (const entry of evidence.entries) {
        if (notes.isDue(entry.seq)) await notes.giveUpTo(entry.seq);
        add(entry);
      }
    }
    await notes.giveUpTo(Infinity);
    return verifier.finish();
  } finally {
    await notes.close();
  }
}
