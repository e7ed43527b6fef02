import { describe, expect, it } from 'vitest';
import { originOf, signCheckpoint } from '../../../src/trail/evidence/checkpoint-note.js';
import { type SigningKey } from '../../../src/trail/evidence/signing-key.js';
import { type TrailReport } from '../../../src/trail/evidence/verify/trail-report.js';
import * as messages from '../../../src/trail/evidence/verify/verify.messages.js';
import { verifyTrail } from '../../../src/trail/evidence/verify/verify-trail.js';
import { keyOfSeed } from './a-key.js';
import { ATrail, TRAIL_ID, trailKey } from './a-trail.js';

const [first, second, third, stranger] = [trailKey(1), trailKey(2), trailKey(3), trailKey(9)];
const ofAnother = keyOfSeed(Buffer.alloc(32, 1), originOf('another'));

const verify = (
  trail: ATrail,
  keys: readonly SigningKey[],
  anchors?: readonly string[],
): Promise<TrailReport> =>
  verifyTrail(trail, { trusted: keys.map(({ verifyingKey }) => verifyingKey), ...(anchors && { anchors }) });
const codes = ({ verdict, findings }: TrailReport): string[] => [
  verdict,
  ...findings.map(({ code }) => code),
];

/** Under the first key to 20, the second to 41, the third to 61. */
const rotated = (): ATrail => ATrail.of(20, 10).rotate(second).grow(20, 10).rotate(third).grow(19, 10);
/** The old key was lost at 20: the entry says so, and only the next one has signed it. */
const lost = (trail = ATrail.of(20, 10), next = second): ATrail =>
  trail
    .add({ vkey: next.verifier, note: takeover(trail, next), lost: true }, 'key')
    .sign(next)
    .grow(5)
    .sign(next);
const takeover = (trail: ATrail, next: SigningKey, ...others: SigningKey[]): string =>
  signCheckpoint({ ...trail.state(), nextKey: next.verifier }, ...others, next);

function orders<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, index) => orders(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

describe('the keys of an auditor', () => {
  it('say the same in any order, all of them or some', async () => {
    const subsets = [
      [first],
      [second],
      [third],
      [first, second],
      [second, third],
      [first, third],
      [first, second, third],
    ];
    for (const keys of subsets.flatMap(orders))
      expect(await verify(rotated(), keys)).toMatchObject({ verdict: 'ok', signedThrough: 60 });
  });

  it('find a forgery by an old key in any order', async () => {
    const forgeries = [
      ATrail.of(61, 10, first, 'nothing'),
      ATrail.of(20, 10).rotate(second).grow(20, 10, 'nothing'),
      ATrail.of(20, 10).rotate(second).grow(20, 10).rotate(stranger),
    ];
    for (const forged of forgeries)
      for (const keys of orders([first, second, third])) {
        const report = await verify(forged, keys);
        expect([report.verdict, ...report.findings.map(({ text }) => text)]).toContain(
          messages.keyNotUsed(third.verifier),
        );
        expect(report.verdict).toBe('bad_key');
      }
  });

  it('do not let an old key come back where the newer one is named as the first', async () => {
    const forged = ATrail.of(20, 10).rotate(second).grow(9, 10);
    forged.grow(10, Infinity, 'nothing').sign(first);
    forged.keys.splice(0, 1, second.verifier);
    for (const keys of orders([first, second]))
      expect(codes(await verify(forged, keys))).toEqual(
        expect.arrayContaining(['bad_key', 'bad_handover', 'retired_key', 'key_not_used']),
      );
    // As the older key has handed over, it is not brought in by trust alone, whatever key is named as the first.
    forged.keys.splice(0, 1, stranger.verifier);
    for (const keys of orders([first, second])) expect(codes(await verify(forged, keys))[0]).toBe('bad_key');
  });

  it('that is lost lets the next one in, if the auditor knows that one', async () => {
    for (const keys of [[second], [second, first], [first, second]])
      expect(await verify(lost(), keys)).toMatchObject({ verdict: 'ok', signedThrough: 26 });
    expect((await verify(lost(), [first])).verdict).toBe('bad_key');
    const pruned = lost();
    pruned.prune(21);
    expect(await verify(pruned, [second])).toMatchObject({ verdict: 'bad_key' });
  });

  it('that was lost does not come back behind the next one', async () => {
    // Who has the first key names another one as the first, keeps what the second has signed, and goes on.
    for (const cosigned of [[], [stranger]]) {
      const forged = ATrail.of(20, Infinity);
      forged.checkpoints.push(takeover(forged, second, ...cosigned));
      lost(forged).grow(10, Infinity, 'nothing').sign(first);
      forged.keys.splice(0, 1, stranger.verifier);
      for (const keys of orders([first, second])) {
        const report = await verify(forged, keys);
        expect(codes(report)).toContain('keys_unproved');
        expect(report.verdict).toBe('bad_key');
      }
    }
    const twice = lost(lost(), third);
    expect(codes(await verify(twice, [third, second]))).toEqual(['bad_key', 'keys_unproved']);
    expect(codes(await verify(twice, [third]))).toEqual(['ok']);
  });

  it('of other trails are told, and count for nothing', async () => {
    const both = await verify(rotated(), [ofAnother, third]);
    expect(both).toMatchObject({ verdict: 'ok' });
    expect(both.notEstablished).toContain(messages.keysOfOthers(1));
    const foreign = await verify(rotated(), [ofAnother]);
    expect(foreign.findings.map(({ text }) => text)).toEqual([messages.noKeyOfTrail(TRAIL_ID)]);
    expect(foreign.trustedKeys).toEqual([]);
    expect(foreign.notEstablished).toContain(messages.nothingSignedByTrusted(foreign.checkpoints.given));
    expect(foreign.notEstablished).not.toContain(messages.NOTHING_SIGNED);
  });

  it('are told apart in the report: given or led to, and not trusted', async () => {
    const whole = rotated();
    expect((await verify(whole, [first])).trustedKeys).toHaveLength(3);
    const later = await verify(whole, [second]);
    expect(later.keys).toEqual([first, second, third].map(({ verifier }) => verifier));
    expect(later.trustedKeys).toEqual([second.verifier, third.verifier]);
    expect(later.notEstablished).toContain(messages.keyInForceNotGiven(third.verifier));
    expect((await verify(whole, [third])).notEstablished).not.toContain(
      messages.keyInForceNotGiven(third.verifier),
    );
  });
});

describe('a hand-over among what was pruned', () => {
  it('cannot be left out of what the rest starts from', async () => {
    const trail = ATrail.of(20, 10).rotate(second).grow(10, 10).prune(25);
    const [note] = trail.start.handovers;
    trail.keys.splice(0, 1, second.verifier);
    trail.start = { ...trail.start, handovers: [] };
    expect(note).toBeDefined();
    expect(codes(await verify(trail, [second]))).toEqual(['out_of_sequence', 'unproved_pruning']);
  });
});
