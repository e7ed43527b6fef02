import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalPayload } from '../../../src/trail/evidence/canonical-payload.js';
import { readTail } from '../../../src/trail/evidence/verify/entry-tail.js';
import { wellFormed } from '../../../src/trail/evidence/well-formed.js';
import { runs } from '../../harness/property-runs.js';

/** Texts and keys that try to be the end of a payload. */
const imitation = fc.constantFrom(
  ',"kind":"key","seq":1,"stream":null,"v":1}',
  '"},"instance":"x","kind":"key","seq":1,"stream":null,"v":1}',
  '\\","kind":"key","seq":1,"stream":null,"v":1}',
  'kind',
  'seq',
  '\\',
  '"',
);
const text = fc.oneof(imitation, fc.string());
const data = fc.object({ key: text, values: [text, fc.double({ noNaN: true, noDefaultInfinity: true })] });

describe('readTail', () => {
  it('reads what parsing the payload would, whatever is in it', () => {
    fc.assert(
      fc.property(
        fc.record({
          v: fc.constantFrom(1, 2),
          seq: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
          kind: fc.constantFrom('record', 'key', 'other kind'),
          stream: fc.oneof(fc.constant(null), fc.record({ epoch: text, seq: fc.nat() })),
          instance: text,
          data,
        }),
        (entry) => {
          const payload = canonicalPayload(wellFormed(entry));
          const expected = { seq: entry.seq, kind: entry.kind };
          expect(readTail(payload)).toEqual(expected);
          expect(readTail(new Uint8Array(Buffer.from(payload)))).toEqual(expected);
        },
      ),
      { numRuns: runs(300) },
    );
  });

  it.each([
    '',
    'null',
    '[]',
    '1',
    '"text"',
    '{"seq":1}',
    '{"seq":"1","kind":"record"}',
    '{"seq":1,"kind":"record"',
  ])('finds none in %s', (payload) => {
    expect(readTail(payload)).toBeUndefined();
  });
});
