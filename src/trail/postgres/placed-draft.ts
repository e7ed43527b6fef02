import { canonicalPayload } from '../evidence/canonical-payload.js';
import { wellFormed } from '../evidence/well-formed.js';
import { invalidEntry } from '../store/store.messages.js';
import { type NewEntry } from '../store/trail-entry.js';
import { TrailError } from '../store/trail-error.js';
import { foundBy, type FoundBy } from './found-by.js';

const PAYLOAD_VERSION = 1;

/** An entry as the server is given it: its canonical text, cut where its place comes, and what it is found by. */
export interface PlacedDraft extends FoundBy {
  /** Place in its batch. */
  readonly n: number;
  readonly prefix: string;
  readonly suffix: string;
}

/**
 * The canonical text (RFC 8785) sorts its keys: `data`, `instance`, `kind`, `seq`, `stream`, `v`. So the server gives an entry its
 * place by putting a number between two texts, and needs to know nothing of JSON.
 *
 * @throws TrailError `invalid_entry`
 */
export function placedDraft(entry: NewEntry, n: number): PlacedDraft {
  const whole = mended(entry);
  const { kind, stream, instance, data } = whole;
  return {
    n,
    prefix: canonicalPayload({ data, instance, kind }).slice(0, -1),
    suffix: `,${canonicalPayload({ stream, v: PAYLOAD_VERSION }).slice(1)}`,
    ...foundBy(whole),
  };
}

/** Texts that were cut within a surrogate pair: rare, so looked for only when they are there. */
function mended({ kind, stream, instance, data }: NewEntry): NewEntry {
  const entry = { kind, stream, instance, data };
  try {
    canonicalPayload(entry);
    return entry;
  } catch {
    // Mended below, or no plain JSON at all.
  }
  try {
    const whole = wellFormed(entry) as unknown as NewEntry;
    canonicalPayload(whole);
    return whole;
  } catch (error) {
    throw new TrailError('invalid_entry', invalidEntry(error), { cause: error });
  }
}
