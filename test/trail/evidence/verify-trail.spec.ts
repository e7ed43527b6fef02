import { describe, expect, it } from 'vitest';
import { canonicalPayload } from '../../../src/trail/evidence/canonical-payload.js';
import { chainHash, leafHash } from '../../../src/trail/evidence/hashes.js';
import { handOver } from '../../../src/trail/evidence/key-handover.js';
import { formatStart } from '../../../src/trail/evidence/start-state.js';
import { type FindingCode } from '../../../src/trail/evidence/verify/finding.js';
import { type StoredEntry } from '../../../src/trail/evidence/verify/stored-entry.js';
import { type TrailReport } from '../../../src/trail/evidence/verify/trail-report.js';
import { VERIFY_EXIT_CODES } from '../../../src/trail/evidence/verify/verdict.js';
import * as messages from '../../../src/trail/evidence/verify/verify.messages.js';
import {
  type TrailEvidence,
  verifyTrail,
  type VerifyOptions,
} from '../../../src/trail/evidence/verify/verify-trail.js';
import { ATrail, TRAIL_ID, trailKey } from './a-trail.js';

const [first, second, stranger] = [trailKey(1), trailKey(2), trailKey(9)];
const trusting = (...keys: (typeof first)[]): VerifyOptions => ({
  trusted: keys.map(({ verifyingKey }) => verifyingKey),
});
const TRUSTED = trusting(first);

const codesOf = ({ findings }: TrailReport): FindingCode[] => findings.map(({ code }) => code);

/** The entries of a trail, with some of them changed. */
const withEntries = (trail: ATrail, change: (entries: StoredEntry[]) => StoredEntry[]): TrailEvidence => ({
  ...evidenceOf(trail),
  entries: change([...trail.entries]),
});
const evidenceOf = ({ trail, keys, start, entries, checkpoints }: ATrail): TrailEvidence => ({
  trail,
  keys,
  start,
  entries,
  checkpoints,
});
const bytesOf = (payload: string | Uint8Array): Buffer => Buffer.from(payload as string);

/** The same history up to an entry, and another one behind it, with hashes that fit. */
function rewrittenFrom(trail: ATrail, from: number): StoredEntry[] {
  const kept = trail.entries.slice(0, from - 1);
  let chain = kept.at(-1)?.chain ?? Buffer.alloc(32);
  return [
    ...kept,
    ...trail.entries.slice(from - 1).map(({ seq, payload }) => {
      const value = JSON.parse(String(payload)) as { data: object };
      const changed = canonicalPayload({
        ...value,
        data: { ...value.data, message: `nothing happened ${seq}` },
      });
      chain = chainHash(chain, leafHash(changed));
      return { seq, payload: changed, chain };
    }),
  ];
}

describe('a trail that nobody touched', () => {
  it('is ok, and the report says what it could not establish', async () => {
    const trail = ATrail.of(25, 10);
    const report = await verifyTrail(trail, TRUSTED);
    expect(report).toEqual({
      verdict: 'ok',
      exitCode: VERIFY_EXIT_CODES.ok,
      trail: TRAIL_ID,
      entries: 25,
      prunedThrough: 0,
      last: 25,
      signedThrough: 20,
      anchoredThrough: 0,
      checkpoints: { given: 2, agree: 2 },
      anchors: { given: 0, agree: 0 },
      trust: 'given',
      keys: [first.verifier],
      trustedKeys: [first.verifier],
      findings: [],
      findingCount: 0,
      notEstablished: [messages.WITHOUT_ANCHOR, messages.unsignedTail(21, 25)],
    });
  });

  it('says that a key was taken on trust, and up to where anchors reach', async () => {
    const trail = ATrail.of(20, 10);
    const report = await verifyTrail(trail, { anchors: trail.anchors.slice(0, 1) });
    expect(report).toMatchObject({ verdict: 'ok', trust: 'first_use', anchoredThrough: 10 });
    expect(report.notEstablished).toEqual([messages.sinceAnchor(10), messages.firstUse(first.verifier)]);
  });

  it('may be empty or not signed yet, which shows when nothing is trusted', async () => {
    const empty = await verifyTrail(new ATrail());
    expect(empty).toMatchObject({ verdict: 'ok', entries: 0, last: 0 });
    expect(empty.notEstablished).toContain(messages.NOTHING_SIGNED);
    expect(await verifyTrail(new ATrail().sign(), TRUSTED)).toMatchObject({
      verdict: 'ok',
      checkpoints: { agree: 1 },
    });
    const unsigned = await verifyTrail(new ATrail().grow(5));
    expect(unsigned).toMatchObject({ verdict: 'ok', last: 5, signedThrough: 0 });
    expect(unsigned.notEstablished).toContain(messages.NOTHING_SIGNED);
  });

  it('is read from asynchronous sources too, and says how far it is', async () => {
    const trail = new ATrail().grow(20_001, 5_000);
    const seen: number[] = [];
    const report = await verifyTrail(
      {
        ...evidenceOf(trail),
        entries: slowly(trail.entries),
        checkpoints: slowly(trail.checkpoints),
      },
      { ...TRUSTED, anchors: slowly(trail.anchors), onProgress: (entries) => seen.push(entries) },
    );
    expect(report).toMatchObject({ verdict: 'ok', entries: 20_001, anchoredThrough: 20_000 });
    expect(seen).toEqual([10_000, 20_000]);
  });

  it('closes its sources when one of them fails', async () => {
    const closed: string[] = [];
    const broken = new Error('disk');
    async function* source(name: string, items: readonly string[]): AsyncGenerator<string> {
      try {
        yield* items;
      } finally {
        closed.push(name);
      }
    }
    const trail = ATrail.of(20, 10);
    // oxlint-disable-next-line require-yield
    function* failing(): Generator<StoredEntry> {
      throw broken;
    }
    await expect(
      verifyTrail(
        { ...evidenceOf(trail), entries: failing(), checkpoints: source('checkpoints', trail.checkpoints) },
        { anchors: source('anchors', trail.anchors) },
      ),
    ).rejects.toBe(broken);
    expect(closed).toEqual(['checkpoints', 'anchors']);
  });

  it('may have payloads as bytes', async () => {
    const trail = ATrail.of(20, 10);
    const bytes = withEntries(trail, (entries) =>
      entries.map((entry) => ({ ...entry, payload: new Uint8Array(bytesOf(entry.payload)) })),
    );
    expect(await verifyTrail(bytes, TRUSTED)).toMatchObject({ verdict: 'ok', signedThrough: 20 });
  });
});

describe('an entry', () => {
  const trail = ATrail.of(30, 10);
  const options = { ...TRUSTED, anchors: trail.anchors };

  it.each([
    ['the first', 0],
    ['one before a checkpoint', 9],
    ['one behind a checkpoint', 10],
    ['the last', 29],
  ])('that was deleted is missing: %s', async (_, index) => {
    const report = await verifyTrail(
      withEntries(trail, (entries) => entries.toSpliced(index, 1)),
      options,
    );
    if (index === 29) expect([report.verdict, ...codesOf(report)]).toEqual(['truncated', 'cut_off']);
    else expect([report.verdict, ...codesOf(report)]).toEqual(['out_of_sequence', 'missing']);
    expect(report.firstBadSeq).toBe(index + 1);
    expect(report.exitCode).toBe(index === 29 ? 4 : 3);
  });

  it('that was deleted leaves the rest to be checked by the chain', async () => {
    const gap = await verifyTrail(
      withEntries(trail, (entries) => entries.toSpliced(4, 3)),
      options,
    );
    expect(gap.findings).toEqual([
      {
        verdict: 'out_of_sequence',
        code: 'missing',
        seq: 5,
        to: 7,
        text: messages.missing(5, 7),
      },
    ]);
    expect(gap.notEstablished).toContain(messages.notLinked(1));
    // Three checkpoints and three anchors, of which only the chain is left.
    expect(gap.notEstablished).toContain(messages.notCompared(6));

    const rewritten = { ...trail, entries: rewrittenFrom(trail, 15) } as ATrail;
    const both = await verifyTrail(
      withEntries(rewritten, (entries) => entries.toSpliced(4, 3)),
      options,
    );
    expect(both.verdict).toBe('rewritten');
    expect(codesOf(both)).toEqual(['missing', 'another_history']);
  });

  it('that was deleted, and the rest renumbered, shows by the number inside', async () => {
    const report = await verifyTrail(
      withEntries(trail, (entries) =>
        entries.toSpliced(11, 1).map((entry, index) => ({ ...entry, seq: index + 1 })),
      ),
      TRUSTED,
    );
    expect(report).toMatchObject({ verdict: 'out_of_sequence', exitCode: 3, firstBadSeq: 12 });
    expect(report.findings[0]!.text).toBe(messages.wrongNumber(12, 13));
  });

  it('that was inserted is out of sequence, whether its hash fits or not', async () => {
    for (const fits of [false, true]) {
      const before = trail.entries[9]!;
      const payload = String(before.payload).replace('"seq":10', '"seq":11');
      const chain = fits ? chainHash(before.chain, leafHash(payload)) : before.chain;
      const renumbered = withEntries(trail, (entries) =>
        entries
          .toSpliced(10, 0, { seq: 11, payload, chain })
          .map((entry, index) => ({ ...entry, seq: index + 1 })),
      );
      expect(await verifyTrail(renumbered, TRUSTED)).toMatchObject({
        verdict: 'out_of_sequence',
        exitCode: 3,
      });

      const twice = withEntries(trail, (entries) => entries.toSpliced(11, 0, { seq: 11, payload, chain }));
      const report = await verifyTrail(twice, TRUSTED);
      expect([report.verdict, ...codesOf(report)]).toEqual(['out_of_sequence', fits ? 'fork' : 'duplicate']);
      // Which of the two was signed is still shown.
      expect(report.signedThrough).toBe(30);
    }
  });

  it('that was copied to the end shows by the number inside', async () => {
    const report = await verifyTrail(
      withEntries(trail, (entries) => [...entries, { ...entries[4]!, seq: 31 }]),
      TRUSTED,
    );
    expect([report.verdict, ...codesOf(report)]).toEqual(['out_of_sequence', 'wrong_number']);
  });

  it.each([
    [3, 4],
    [9, 10],
    [2, 25],
  ])('that was swapped is out of sequence: %i and %i', async (one, other) => {
    const swappedRows = withEntries(trail, (entries) => swapped(entries, one, other));
    const rows = await verifyTrail(swappedRows, TRUSTED);
    expect(rows).toMatchObject({ verdict: 'out_of_sequence', firstBadSeq: one });

    const swappedContents = withEntries(trail, (entries) =>
      swapped(entries, one, other).map((entry, index) => ({ ...entry, seq: index + 1 })),
    );
    const contents = await verifyTrail(swappedContents, TRUSTED);
    expect([contents.verdict, ...codesOf(contents)]).toEqual([
      'out_of_sequence',
      'wrong_number',
      'wrong_number',
    ]);
    expect(contents.findings.map(({ seq }) => seq)).toEqual([one, other]);
  });

  it('that is altered next to another is found as well', async () => {
    const report = await verifyTrail(
      withEntries(trail, (entries) =>
        entries.map((entry) =>
          [5, 6, 20].includes(entry.seq)
            ? { ...entry, payload: String(entry.payload).replace('order', 'other') }
            : entry,
        ),
      ),
      TRUSTED,
    );
    expect(report.verdict).toBe('altered');
    expect(report.findings.map(({ code, seq }) => [code, seq])).toEqual([
      ['entry_altered', 5],
      ['payload_altered', 6],
      ['payload_altered', 20],
    ]);
  });

  it('whose hash is altered next to another is found, and nothing else', async () => {
    const report = await verifyTrail(
      withEntries(trail, (entries) =>
        entries.map((entry) =>
          [8, 9, 10].includes(entry.seq) ? { ...entry, chain: Buffer.alloc(32, 7) } : entry,
        ),
      ),
      TRUSTED,
    );
    expect(report.findings.map(({ code, seq }) => [code, seq])).toEqual([
      ['entry_altered', 8],
      ['entry_altered', 9],
      ['chain_altered', 10],
    ]);
    expect(report.checkpoints.agree).toBe(3);
  });

  it('that is altered with its hash, right before a checkpoint, is altered and not rewritten', async () => {
    const report = await verifyTrail(
      withEntries(trail, (entries) =>
        entries.with(9, {
          ...entries[9]!,
          payload: String(entries[9]!.payload).replace('order', 'other'),
          chain: Buffer.alloc(32, 7),
        }),
      ),
      TRUSTED,
    );
    expect([report.verdict, report.firstBadSeq]).toEqual(['altered', 10]);
  });

  it('that is none, is none also where its hash fits', async () => {
    for (const payload of ['', 'x', '{}', '{"kind":"record","seq":"31"}', '[31]', 'null']) {
      const chain = chainHash(trail.entries[29]!.chain, leafHash(payload));
      const report = await verifyTrail(
        withEntries(trail, (entries) => [...entries, { seq: 31, payload, chain }]),
        TRUSTED,
      );
      expect([report.verdict, ...codesOf(report)]).toEqual(['altered', 'unreadable']);
    }
  });

  it('with a hash of another length is altered', async () => {
    const report = await verifyTrail(
      withEntries(trail, (entries) => entries.with(7, { ...entries[7]!, chain: Buffer.alloc(31) })),
      TRUSTED,
    );
    expect([report.verdict, ...codesOf(report)]).toEqual(['altered', 'entry_altered']);
  });

  it('is counted, and the first hundred are kept, when all of them are wrong', async () => {
    const long = ATrail.of(500, 100);
    const report = await verifyTrail(
      withEntries(long, (entries) => entries.map((entry) => ({ ...entry, chain: Buffer.alloc(32, 7) }))),
      TRUSTED,
    );
    expect(report.findings).toHaveLength(100);
    expect(report.findingCount).toBeGreaterThanOrEqual(500);
  });
});

describe('a tail that was cut off', () => {
  const trail = ATrail.of(30, 10);

  it('shows by a checkpoint that was left, and by an anchor', async () => {
    const cut = withEntries(trail, (entries) => entries.slice(0, 25));
    expect(await verifyTrail(cut, TRUSTED)).toMatchObject({
      verdict: 'truncated',
      exitCode: 4,
      firstBadSeq: 26,
    });
    const clean = { ...cut, checkpoints: trail.checkpoints.slice(0, 2) };
    const report = await verifyTrail(clean, { ...TRUSTED, anchors: trail.anchors });
    expect(report).toMatchObject({ verdict: 'truncated', exitCode: 4, firstBadSeq: 26, signedThrough: 20 });
    expect(report.findings[0]!.text).toBe(messages.cutOff('anchor', 30, 25));
  });

  it('does not show without an anchor, and the report says so', async () => {
    const report = await verifyTrail(
      {
        ...withEntries(trail, (entries) => entries.slice(0, 20)),
        checkpoints: trail.checkpoints.slice(0, 2),
      },
      TRUSTED,
    );
    expect(report.verdict).toBe('ok');
    expect(report.notEstablished).toEqual([messages.WITHOUT_ANCHOR]);
  });

  it('shows by an anchor also when everything is gone', async () => {
    const report = await verifyTrail(
      { ...evidenceOf(trail), entries: [], checkpoints: [] },
      { ...TRUSTED, anchors: trail.anchors },
    );
    expect(report).toMatchObject({ verdict: 'truncated', firstBadSeq: 1 });
  });

  it('and written anew without the key is rewritten', async () => {
    const rewritten = { ...evidenceOf(trail), entries: rewrittenFrom(trail, 25) };
    expect(await verifyTrail(rewritten, TRUSTED)).toMatchObject({
      verdict: 'rewritten',
      exitCode: 5,
      firstBadSeq: 21,
      signedThrough: 20,
    });
    const unsigned = { ...rewritten, checkpoints: trail.checkpoints.slice(0, 2) };
    expect(await verifyTrail(unsigned, TRUSTED)).toMatchObject({ verdict: 'ok', signedThrough: 20 });
    expect(await verifyTrail(unsigned, { ...TRUSTED, anchors: trail.anchors })).toMatchObject({
      verdict: 'rewritten',
      firstBadSeq: 21,
      anchoredThrough: 20,
    });
  });
});

describe('a full rewrite', () => {
  const genuine = ATrail.of(30, 10);

  it('with another key is of a bad key, and by an anchor rewritten', async () => {
    const forged = ATrail.of(30, 10, stranger, 'nothing');
    const report = await verifyTrail(forged, TRUSTED);
    expect([report.verdict, ...codesOf(report)]).toEqual(['bad_key', 'nothing_trusted']);
    expect(report.exitCode).toBe(6);
    expect(await verifyTrail({ ...evidenceOf(forged), keys: genuine.keys }, TRUSTED)).toMatchObject({
      verdict: 'bad_key',
      findings: [
        { code: 'unknown_key' },
        { code: 'unknown_key' },
        { code: 'unknown_key' },
        { code: 'nothing_trusted' },
      ],
    });
    expect(await verifyTrail(forged, { ...TRUSTED, anchors: genuine.anchors })).toMatchObject({
      verdict: 'rewritten',
      exitCode: 5,
      firstBadSeq: 1,
    });
    // On trust, the forger's key is as good as any: nobody may take this for a proof.
    const trusting = await verifyTrail(forged);
    expect(trusting.verdict).toBe('ok');
    expect(trusting.notEstablished).toEqual([messages.WITHOUT_ANCHOR, messages.firstUse(stranger.verifier)]);
    // The anchors are then signed by a key that the trail does not know.
    expect(await verifyTrail(forged, { anchors: genuine.anchors })).toMatchObject({ verdict: 'bad_key' });
  });

  it('without any signature is of a bad key', async () => {
    const forged = ATrail.of(30, Infinity, stranger, 'nothing');
    expect(await verifyTrail(forged, TRUSTED)).toMatchObject({
      verdict: 'bad_key',
      findings: [{ code: 'nothing_trusted' }],
    });
  });

  it('under the id of another trail does not escape the anchors', async () => {
    const forged = { ...evidenceOf(ATrail.of(30, Infinity, stranger)), trail: 'another' };
    expect(await verifyTrail(forged, { anchors: genuine.anchors })).toMatchObject({
      verdict: 'bad_key',
      findings: [{ text: messages.noAnchorOfTrail('another') }],
    });
  });

  it('by who has the key shows only by an anchor', async () => {
    const forged = ATrail.of(30, 10, first, 'nothing');
    const report = await verifyTrail(forged, TRUSTED);
    expect(report.verdict).toBe('ok');
    expect(report.notEstablished).toEqual([messages.WITHOUT_ANCHOR]);
    expect(await verifyTrail(forged, { ...TRUSTED, anchors: genuine.anchors })).toMatchObject({
      verdict: 'rewritten',
    });
  });
});

describe('a change of keys', () => {
  /** 20 entries under the first key, the hand-over (21), 19 under the second. */
  const rotated = (): ATrail => ATrail.of(20, 10).rotate(second).grow(19, 10);

  it('is followed from the old key, from the new one, and from none', async () => {
    const trail = rotated();
    for (const options of [trusting(first), trusting(second), trusting(first, second), {}]) {
      const report = await verifyTrail(trail, { ...options, anchors: trail.anchors });
      expect(report).toMatchObject({ verdict: 'ok', signedThrough: 40, anchoredThrough: 40 });
      expect(report.keys).toEqual([first.verifier, second.verifier]);
    }
  });

  it('must be signed by the old key', async () => {
    const trail = ATrail.of(20, 10);
    const forged = handOver(trail.state(), stranger, stranger);
    trail.add({ ...forged }, 'key').sign(stranger);
    const report = await verifyTrail(trail, TRUSTED);
    expect([report.verdict, ...codesOf(report)]).toEqual([
      'bad_key',
      'unknown_key',
      'bad_handover',
      'unknown_key',
    ]);
  });

  it('must be proved by the new key', async () => {
    const trail = ATrail.of(20, 10);
    const { vkey, note } = handOver(trail.state(), first, second);
    const lines = note.split('\n');
    trail.add({ vkey, note: `${lines.slice(0, -2).join('\n')}\n` }, 'key').sign(second);
    const report = await verifyTrail(trail, TRUSTED);
    expect([report.verdict, ...codesOf(report)]).toEqual(['bad_key', 'bad_handover', 'unknown_key']);
  });

  it('cannot be moved to another place', async () => {
    const earlier = ATrail.of(20, 10);
    const { vkey, note } = handOver(earlier.state(), first, second);
    const moved = ATrail.of(25, 10).add({ vkey, note }, 'key').sign(second);
    expect(await verifyTrail(moved, TRUSTED)).toMatchObject({
      verdict: 'out_of_sequence',
      findings: [
        { text: messages.noteOutOfOrder('hand-over', 20, 25) },
        { code: 'bad_handover' },
        { code: 'unknown_key' },
      ],
    });
  });

  it('needs no hand-over to a key that is trusted: the old one may be lost', async () => {
    const trail = ATrail.of(20, 10).grow(5).sign(second);
    expect(await verifyTrail(trail, trusting(first, second))).toMatchObject({
      verdict: 'ok',
      signedThrough: 25,
    });
    expect(await verifyTrail(trail, trusting(first))).toMatchObject({ verdict: 'bad_key' });
  });

  describe('and somebody who kept the old key', () => {
    it('cannot sign a new end', async () => {
      const trail = rotated();
      trail.entries = rewrittenFrom(trail, 35);
      const forged = ATrail.of(20, 10).rotate(second).grow(9, 10);
      // As far as the second key signed, the truth; then an end of his own.
      forged.grow(10, Infinity, 'nothing').sign(first);
      for (const options of [trusting(first), trusting(second), {}]) {
        const report = await verifyTrail(forged, options);
        expect([report.verdict, ...codesOf(report)]).toEqual(['bad_key', 'retired_key']);
        expect(report.findings[0]!.text).toBe(messages.retiredKey('checkpoint', 40, 20));
        expect(await verifyTrail(forged, { ...options, anchors: trail.anchors })).toMatchObject({
          verdict: 'rewritten',
        });
      }
    });

    it('cannot rewrite everything for who knows the new key, or has anchors', async () => {
      const forged = ATrail.of(40, 10, first, 'nothing');
      expect(await verifyTrail(forged, trusting(second))).toMatchObject({
        verdict: 'bad_key',
        findings: [{ code: 'nothing_trusted' }],
      });
      expect(await verifyTrail(forged, trusting(first, second))).toMatchObject({
        verdict: 'bad_key',
        findings: [{ text: messages.keyNotUsed(second.verifier) }],
      });
      for (const options of [trusting(first), trusting(second), {}]) {
        expect(await verifyTrail(forged, { ...options, anchors: rotated().anchors })).toMatchObject({
          verdict: 'rewritten',
          exitCode: 5,
        });
      }
    });

    it('cannot hand over a second time', async () => {
      const forged = ATrail.of(20, 10).rotate(second).grow(5);
      forged.add({ ...handOver(forged.state(), first, stranger) }, 'key').sign(stranger);
      expect(codesOf(await verifyTrail(forged, trusting(first)))).toEqual([
        'retired_key',
        'bad_handover',
        'unknown_key',
      ]);
    });
  });
});

describe('a trail that was pruned', () => {
  it('goes on from the state that a signed entry names', async () => {
    const trail = ATrail.of(37, 10).prune(23).grow(20, 10);
    const report = await verifyTrail(trail, { ...TRUSTED, anchors: trail.anchors });
    expect(report).toMatchObject({
      verdict: 'ok',
      prunedThrough: 23,
      entries: 35,
      last: 58,
      signedThrough: 50,
    });
    expect(report.notEstablished).toContain(messages.beforeStart(2));
    // Twice, and to the very checkpoint.
    expect(await verifyTrail(trail.prune(50), TRUSTED)).toMatchObject({ verdict: 'ok', prunedThrough: 50 });
  });

  it('is followed across keys that were pruned', async () => {
    const trail = ATrail.of(20, 10).rotate(second).grow(10, 10).prune(25);
    expect(trail.start.handovers).toHaveLength(1);
    for (const options of [trusting(first), trusting(second), {}])
      expect(await verifyTrail(trail, options)).toMatchObject({ verdict: 'ok', prunedThrough: 25 });
    const forged = { ...evidenceOf(trail), start: { ...trail.start, handovers: [] } };
    expect(await verifyTrail(forged, trusting(first))).toMatchObject({ verdict: 'bad_key' });
  });

  it('has a bad key, and no other order, when the size in a checkpoint was changed', async () => {
    const { checkpoints, ...evidence } = evidenceOf(ATrail.of(30, 10));
    const [first = '', ...others] = checkpoints as string[];
    // Those behind it wait for entries that never come.
    const changed = [first.replace('\n10\n', '\n90\n'), ...others];
    const report = await verifyTrail({ ...evidence, checkpoints: changed }, TRUSTED);
    expect(report).toMatchObject({ verdict: 'bad_key', exitCode: 6, findingCount: 1 });
  });

  it('is not pruned when no entry says so', async () => {
    const trail = ATrail.of(30, 10);
    trail.dropThrough(trail.stateAt(20));
    const report = await verifyTrail(trail, TRUSTED);
    expect(report).toMatchObject({ verdict: 'out_of_sequence', exitCode: 3, firstBadSeq: 1 });
    expect(report.findings[0]!.text).toBe(messages.pruningNotSaid(20));
  });

  it('is not pruned when only somebody without the key says so', async () => {
    const trail = ATrail.of(30, 10);
    const start = trail.stateAt(20);
    trail.add(formatStart(start), 'pruned').dropThrough(start);
    expect((await verifyTrail(trail, TRUSTED)).findings[0]!.text).toBe(messages.pruningNotSigned(20, 31));
  });

  it('is not pruned further than it says', async () => {
    const trail = ATrail.of(30, 10).prune(10);
    trail.dropThrough(trail.stateAt(20));
    expect((await verifyTrail(trail, TRUSTED)).findings[0]!.text).toBe(messages.pruningNotSaid(20));
  });

  it('goes on from no other state than its own entry names', async () => {
    const trail = ATrail.of(30, 10);
    const start = trail.stateAt(20);
    for (const other of [
      { ...start, chain: leafHash('other') },
      { ...start, frontier: start.frontier.map(leafHash) },
    ]) {
      const wrong = ATrail.of(30, 10).add(formatStart(other), 'pruned').sign().dropThrough(start);
      const report = await verifyTrail(wrong, TRUSTED);
      expect(report.verdict).toBe('out_of_sequence');
      expect(report.findings[0]!.text).toBe(messages.pruningDiffers(20, 31));
    }
  });

  it('goes on from no other state', async () => {
    const trail = ATrail.of(30, 10).prune(20);
    const { start } = trail;
    const chain = { ...evidenceOf(trail), start: { ...start, chain: leafHash('other') } };
    expect((await verifyTrail(chain, TRUSTED)).verdict).toBe('rewritten');
    const frontier = { ...evidenceOf(trail), start: { ...start, frontier: start.frontier.map(leafHash) } };
    expect((await verifyTrail(frontier, TRUSTED)).verdict).toBe('rewritten');
  });

  it('still shows what is altered, missing or cut off', async () => {
    const trail = ATrail.of(30, 10).prune(20);
    const options = { ...TRUSTED, anchors: trail.anchors };
    const verdictOf = async (change: (entries: StoredEntry[]) => StoredEntry[]): Promise<string> =>
      (await verifyTrail(withEntries(trail, change), options)).verdict;
    expect(await verdictOf((entries) => entries)).toBe('ok');
    expect(await verdictOf((entries) => entries.toSpliced(0, 1))).toBe('out_of_sequence');
    const altered = {
      ...trail.entries[2]!,
      payload: String(trail.entries[2]!.payload).replace('order', 'other'),
    };
    expect(await verdictOf((entries) => entries.with(2, altered))).toBe('altered');
  });
});

describe('notes', () => {
  const trail = ATrail.of(30, 10);

  it('with a false signature count as nothing, and are told from those of unknown keys', async () => {
    const [ten, ...rest] = trail.checkpoints as [string, ...string[]];
    const laterTime = ten.replace(/time .{20}/, 'time 2031-01-01T00:00:00.');
    expect(laterTime).not.toBe(ten);
    expect(
      codesOf(await verifyTrail({ ...evidenceOf(trail), checkpoints: [laterTime, ...rest] }, TRUSTED)),
    ).toEqual(['bad_signature']);
    const anchored = await verifyTrail(trail, { ...TRUSTED, anchors: [laterTime] });
    expect([anchored.verdict, ...codesOf(anchored)]).toEqual(['bad_key', 'bad_signature']);
  });

  it('in another order are out of sequence', async () => {
    const [ten, twenty, thirty] = trail.checkpoints as [string, string, string];
    for (const checkpoints of [
      [twenty, ten, thirty],
      [ten, thirty, twenty],
    ])
      expect(await verifyTrail({ ...evidenceOf(trail), checkpoints }, TRUSTED)).toMatchObject({
        verdict: 'out_of_sequence',
        findings: [{ code: 'wrong_place' }],
      });
    // Anchors of a trail that was put back to a backup, and went on from there.
    const report = await verifyTrail(trail, { ...TRUSTED, anchors: [ten, twenty, ten, twenty, thirty] });
    expect(report).toMatchObject({ verdict: 'out_of_sequence' });
    expect(report.findings[0]!.text).toBe(messages.noteOutOfOrder('anchor', 10, 20));
  });

  it('of other trails count only among anchors', async () => {
    const [note] = trail.checkpoints as [string];
    const foreign = { ...evidenceOf(trail), trail: 'another', entries: [], checkpoints: [note] };
    expect(await verifyTrail(foreign, TRUSTED)).toMatchObject({
      verdict: 'bad_key',
      findings: [{ code: 'other_trail' }, { code: 'nothing_trusted' }],
    });
    const other = note.replace(TRAIL_ID, 'another');
    const report = await verifyTrail(trail, { ...TRUSTED, anchors: [other, ...trail.anchors] });
    expect(report).toMatchObject({ verdict: 'ok', anchors: { given: 4, agree: 3 } });
    expect(report.notEstablished).toContain(messages.anchorsOfOthers(1));
  });

  it('that a crash cut off are no attack among anchors, and one among checkpoints', async () => {
    const torn = trail.anchors[0]!.slice(0, 100);
    const report = await verifyTrail(trail, { ...TRUSTED, anchors: [torn, ...trail.anchors] });
    expect(report.verdict).toBe('ok');
    expect(report.notEstablished).toContain(messages.unreadableAnchors(1));
    expect(await verifyTrail({ ...evidenceOf(trail), checkpoints: [torn] }, TRUSTED)).toMatchObject({
      verdict: 'bad_key',
      findings: [{ code: 'malformed_note' }, { code: 'nothing_trusted' }],
    });
  });

  it('are missed when a source of anchors is empty', async () => {
    const report = await verifyTrail(trail, { ...TRUSTED, anchors: [] });
    expect(report.notEstablished).toEqual([messages.NO_ANCHORS]);
  });
});

function swapped(entries: StoredEntry[], one: number, other: number): StoredEntry[] {
  return entries.with(one - 1, entries[other - 1]!).with(other - 1, entries[one - 1]!);
}

async function* slowly<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) {
    await Promise.resolve();
    yield item;
  }
}
