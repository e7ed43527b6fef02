import { NO_EXPORT } from '../evidence.messages.js';
import { ExportError, parseHeader, parseLine } from '../export-format.js';
import { DueNotes } from './due-notes.js';
import { type TrailReport } from './trail-report.js';
import { TrailVerifier } from './trail-verifier.js';
import { PROGRESS_EVERY, type VerifyOptions } from './verify-trail.js';

/**
 * Verifies an export, as {@link verifyTrail} a stored trail.
 *
 * @param lines without their line feeds, as `splitLines` gives them
 * @throws ExportError when it is none: then nothing was verified
 */
export async function verifyExport(
  lines: Iterable<string> | AsyncIterable<string>,
  { trusted = [], anchors, onProgress }: VerifyOptions = {},
): Promise<TrailReport> {
  let verifier: TrailVerifier | undefined;
  let notes: DueNotes | undefined;
  let last: number | undefined;
  let count = 0;
  try {
    for await (const line of lines) {
      if (!verifier || !notes) {
        verifier = new TrailVerifier({ ...parseHeader(line), trusted, anchored: anchors !== undefined });
        notes = new DueNotes(verifier, [], anchors ?? []);
        await notes.open();
        continue;
      }
      if (last !== undefined) {
        verifier.afterEnd();
        break;
      }
      const parsed = parseLine(line);
      if (parsed?.type === 'entry') {
        if (notes.isDue(parsed.entry.seq)) await notes.giveUpTo(parsed.entry.seq);
        verifier.entry(parsed.entry);
        count += 1;
        if (count % PROGRESS_EVERY === 0) onProgress?.(count);
      } else if (parsed?.type === 'checkpoint') verifier.checkpoint(parsed.note);
      else if (parsed?.type === 'end') last = parsed.last;
      else verifier.unreadable();
    }
    if (!verifier || !notes) throw new ExportError(NO_EXPORT);
    verifier.end(last);
    await notes.giveUpTo(Infinity);
    return verifier.finish();
  } finally {
    await notes?.close();
  }
}
