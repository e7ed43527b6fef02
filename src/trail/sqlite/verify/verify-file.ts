import { statSync } from 'node:fs';
import { readAnchors } from '../../evidence/anchor-file.js';
import { type TrailReport } from '../../evidence/verify/trail-report.js';
import { TrailVerifier } from '../../evidence/verify/trail-verifier.js';
import { verifyTrail } from '../../evidence/verify/verify-trail.js';
import { realPathOf, requireOneName } from '../file-place.js';
import { schemaAltered } from './lookup.messages.js';
import { VerifyingKey } from '../../evidence/verifying-key.js';
import { type VerifyProgress, type VerifyRequest } from '../../store/trail-backend.js';
import { TrailError } from '../../store/trail-error.js';
import { TrailReader } from '../reader/trail-reader.js';
import { anchorsUnreadable, trailKeyUnreadable } from '../../store/store.messages.js';

/** Which trail to verify, against what. Crosses between threads. */
export interface VerifyFileRequest extends VerifyRequest {
  readonly file: string;
}

/**
 * Verifies a stored trail, written to or not, as it is at the start. Holds up the thread that it runs in.
 *
 * @throws TrailError when it cannot be read; what is wrong with it is in the report
 */
export async function verifyFile(
  { file, anchors, trusted }: VerifyFileRequest,
  onProgress?: (progress: VerifyProgress) => void,
): Promise<TrailReport> {
  // Before the trail: an anchor that is written meanwhile knows of entries that are not looked at, and the trail would
  // seem to be cut off.
  const notes = anchors === undefined ? undefined : anchorsUntilNow(anchors);
  using reader = TrailReader.openUnchecked(file);
  const difference = reader.schemaDifference('reading');
  if (difference !== undefined) return ofOtherSchema(difference);
  const evidence = reader.evidence();
  const { last, prunedThrough } = reader.summary();
  try {
    for (const key of evidence.keys) VerifyingKey.parse(key);
  } catch (error) {
    throw new TrailError('corrupt', trailKeyUnreadable(file, error), { cause: error });
  }
  const report = await verifyTrail(evidence, {
    trusted: trusted.map((key) => VerifyingKey.parse(key)),
    ...(notes && { anchors: notes }),
    ...(onProgress && { onProgress: (entries) => onProgress({ entries, of: last - prunedThrough }) }),
  });
  const limit = nameProblem(file);
  return limit === undefined ? report : { ...report, notEstablished: [...report.notEstablished, limit] };
}

/** What was committed by another name of the file, and is in the log beside that one, is not seen here. */
function nameProblem(file: string): string | undefined {
  try {
    requireOneName(realPathOf(file));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : undefined;
  }
}

/** Nothing of it is read: what a query of it answers, somebody else has made. */
function ofOtherSchema(difference: string): TrailReport {
  const verifier = new TrailVerifier({ trail: '', keys: [] });
  verifier.storeAltered(schemaAltered(difference));
  return verifier.finish();
}

function anchorsUntilNow(path: string): AsyncGenerator<string, void, undefined> {
  try {
    return orExplain(path, readAnchors(path, statSync(path).size));
  } catch (error) {
    throw new TrailError('io', anchorsUnreadable(path, error), { cause: error });
  }
}

async function* orExplain(
  path: string,
  notes: AsyncGenerator<string, void, undefined>,
): AsyncGenerator<string, void, undefined> {
  try {
    yield* notes;
  } catch (error) {
    throw new TrailError('io', anchorsUnreadable(path, error), { cause: error });
  }
}
