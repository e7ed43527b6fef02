import { describe, expect, it } from 'vitest';
import { readTail } from '../../../src/trail/evidence/verify/entry-tail.js';
import { readNote } from '../../../src/trail/evidence/verify/read-note.js';
import { type StoredEntry } from '../../../src/trail/evidence/verify/stored-entry.js';
import { type TrailReport } from '../../../src/trail/evidence/verify/trail-report.js';
import { TrailVerifier } from '../../../src/trail/evidence/verify/trail-verifier.js';
import { VerifyingKey } from '../../../src/trail/evidence/verifying-key.js';
import { ATrail, TRAIL_ID, trailKey } from './a-trail.js';

const EVERY_BIT = 120_000;

/** Verifies each signature once: what is asked here tens of thousands of times is not whether Ed25519 works. */
class RememberingKey extends VerifyingKey {
  private readonly answers = new Map<string, boolean>();

  override verifies(bytes: Uint8Array, signature: Uint8Array): boolean {
    const question = `${Buffer.from(bytes).toString('latin1')}|${Buffer.from(signature).toString('latin1')}`;
    const answer = this.answers.get(question) ?? super.verifies(bytes, signature);
    this.answers.set(question, answer);
    return answer;
  }
}

const { name, publicKey } = trailKey(1);
const key = new RememberingKey(name, publicKey);

/** Fifty entries in ten trails, each with a checkpoint in the middle and one at the end. */
const trails = Array.from({ length: 10 }, (_, index) => {
  const trail = ATrail.of(3, 3, undefined, `order ${index}`).grow(2).sign();
  return { entries: trail.entries, notes: trail.checkpoints.map(readNote) };
});

/** Verifies a trail in which one entry is exchanged. */
function verify(
  { entries, notes }: (typeof trails)[number],
  index: number,
  exchanged: StoredEntry,
): TrailReport {
  const verifier = new TrailVerifier({ trail: TRAIL_ID, keys: [], trusted: [key] });
  for (const [at, entry] of entries.entries()) {
    verifier.entry(at === index ? exchanged : entry);
    if (at === 2) verifier.checkpoint(notes[0]!);
  }
  verifier.checkpoint(notes[1]!);
  return verifier.finish();
}

function flipped(bytes: Uint8Array, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[Math.floor(bit / 8)]! ^= 1 << (bit % 8);
  return copy;
}

/** Flips every bit of one column of every entry, and gives what was not found as it should be. */
function misjudged(
  column: 'payload' | 'chain',
  expected: (entry: StoredEntry, changed: Buffer) => string,
): string[] {
  const wrong: string[] = [];
  for (const trail of trails)
    for (const [index, entry] of trail.entries.entries()) {
      const bytes = Buffer.from(entry[column] as Uint8Array);
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const changed = flipped(bytes, bit);
        const report = verify(trail, index, { ...entry, [column]: changed });
        const found = [report.verdict, report.findings[0]?.code, report.firstBadSeq].join(' ');
        if (found !== expected(entry, changed) || report.findingCount !== 1)
          wrong.push(`entry ${entry.seq}, bit ${bit}: ${found}, ${report.findingCount} finding(s)`);
      }
    }
  return wrong;
}

describe('every bit of fifty entries', () => {
  it(
    'of their payloads, once flipped, is found, alone, and as what it is',
    () => {
      const wrong = misjudged('payload', ({ seq }, changed) => {
        // A bit that makes another number of the number inside cannot be told from an entry that was moved.
        if ((readTail(changed)?.seq ?? seq) !== seq) return `out_of_sequence wrong_number ${seq}`;
        return `altered ${seq === 5 ? 'entry_altered' : 'payload_altered'} ${seq}`;
      });
      expect(wrong).toEqual([]);
    },
    EVERY_BIT,
  );

  it(
    'of their hashes, once flipped, is found, and the payload is shown to be good',
    () => {
      const wrong = misjudged(
        'chain',
        ({ seq }) => `altered ${seq === 5 ? 'entry_altered' : 'chain_altered'} ${seq}`,
      );
      expect(wrong).toEqual([]);
    },
    EVERY_BIT,
  );

  it(
    'of a checkpoint, once flipped, makes it one of a bad key',
    () => {
      const { entries } = trails[0]!;
      const trail = ATrail.of(3, 3, undefined, 'order 0').grow(2).sign();
      const note = Buffer.from(trail.checkpoints[1]!);
      for (let bit = 0; bit < note.length * 8; bit++) {
        const verifier = new TrailVerifier({ trail: TRAIL_ID, keys: [], trusted: [key] });
        for (const entry of entries) verifier.entry(entry);
        verifier.checkpoint(flipped(note, bit).toString());
        expect(verifier.finish().verdict).toBe('bad_key');
      }
    },
    EVERY_BIT,
  );
});
