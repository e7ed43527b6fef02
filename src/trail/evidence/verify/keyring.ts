import { type SignedCheckpoint } from '../checkpoint-note.js';
import { checkSignature } from '../signed-note.js';
import { VerifyingKey } from '../verifying-key.js';

/** What the signatures of a note are worth. */
export type Judgement =
  /** Signed by the key in force; `trusted` when that key is. */
  | { readonly is: 'signed'; readonly trusted: boolean }
  | { readonly is: 'false_signature' }
  | { readonly is: 'unknown_key' }
  /** Signed by a key that had handed over at `until`. */
  | { readonly is: 'retired_key'; readonly until: number };

/** What became of a hand-over. */
export type Handover =
  /** The key that it names is in force from here on. */
  | 'taken'
  /** The one before has not signed it, or the next one has not. */
  | 'unsigned'
  /** The key that it names came in at another place. */
  | 'contradicted';

interface Reign {
  readonly key: VerifyingKey;
  /** Whether the auditor trusts it, or a trusted key handed over to it. */
  readonly trusted: boolean;
  /** The size at which it came in. */
  readonly since: number;
  /** The size with which it handed over: no larger note of it counts. */
  until: number;
  /** Some note that counts has its signature. */
  signed: boolean;
  /** No key handed over to it. */
  orphan: boolean;
}

/**
 * The keys of a trail, each with the sizes for which it signs. A key comes in by the signature of the one before, or
 * because the auditor trusts it. One that handed over never signs again: whoever has kept an old key can otherwise sign
 * a new end for the trail. In which order the auditor names his keys says nothing: the trail itself must show it.
 */
export class Keyring {
  private readonly reigns: Reign[] = [];
  /** Trusted keys that handed over and were not in force here: somebody put another key into their place. */
  private readonly retired = new Map<VerifyingKey, number>();

  /**
   * @param trusted keys of the auditor, in any order
   * @param first the key that signs at the start, as the trail itself says; trusted on first use when the auditor has none
   */
  constructor(
    private readonly trusted: readonly VerifyingKey[],
    first: VerifyingKey | undefined,
  ) {
    if (!first) return;
    const isTrusted = trusted.length === 0 || this.isTrusted(first);
    this.reigns.push(reignOf(first, { trusted: isTrusted, since: 0 }));
  }

  /** Keys that signed, or could have, in the order of their reigns. */
  get keys(): readonly VerifyingKey[] {
    return this.reigns.map(({ key }) => key);
  }

  /** Those of them that the auditor trusts, or that follow from one. */
  get trustedKeys(): readonly VerifyingKey[] {
    return this.reigns.filter(({ trusted }) => trusted).map(({ key }) => key);
  }

  /** The key that signs now. */
  get last(): VerifyingKey | undefined {
    return this.reigns.at(-1)?.key;
  }

  /** Trusted keys that came in although no key handed over to them. */
  get orphans(): readonly VerifyingKey[] {
    return this.reigns.filter(({ orphan, trusted }) => orphan && trusted).map(({ key }) => key);
  }

  /** Where the last of them came in. */
  get orphanSince(): number | undefined {
    return this.reigns.findLast(({ orphan, trusted }) => orphan && trusted)?.since;
  }

  has(key: VerifyingKey): boolean {
    return this.reignOf(key) !== undefined;
  }

  hasSigned(key: VerifyingKey): boolean {
    return this.reignOf(key)?.signed === true;
  }

  isTrusted(key: VerifyingKey): boolean {
    return this.trusted.some((trusted) => trusted.equals(key));
  }

  judge(note: SignedCheckpoint): Judgement {
    const { size } = note.checkpoint;
    let retired: Judgement | undefined;
    // The newest first: a note by which one key hands over to the next is signed by both.
    for (const reign of this.reigns.toReversed()) {
      const { key, trusted, until } = reign;
      const check = checkSignature(note, key);
      if (check === 'invalid') return { is: 'false_signature' };
      if (check === 'absent') continue;
      if (size <= until) {
        reign.signed = true;
        return { is: 'signed', trusted };
      }
      retired ??= { is: 'retired_key', until };
    }
    return retired ?? this.judgeByTrusted(note);
  }

  /** Lets the next key take over, when the note names one, and both have signed it. */
  handOver(note: SignedCheckpoint): Handover {
    const { nextKey, size } = note.checkpoint;
    if (nextKey === undefined) return 'unsigned';
    const next = VerifyingKey.parse(nextKey);
    if (checkSignature(note, next) !== 'valid') return 'unsigned';
    this.retireSigners(note, next);
    const known = this.reignOf(next);
    // The same note stands in several places: with the checkpoints, in its entry, among the anchors.
    if (known) return known.since === size ? 'taken' : 'contradicted';
    const last = this.reigns.at(-1);
    if (!last || checkSignature(note, last.key) !== 'valid') return 'unsigned';
    last.signed = true;
    this.succeed(next, { trusted: last.trusted || this.isTrusted(next), since: size }).signed = true;
    return 'taken';
  }

  /** The entry that names a key has a note that only this key has signed: what else its note has, others put there. */
  orphaned(note: SignedCheckpoint): void {
    const { nextKey } = note.checkpoint;
    const at = nextKey === undefined ? -1 : this.reigns.findIndex(({ key }) => key.toString() === nextKey);
    const before = this.reigns[at - 1];
    if (before && checkSignature(note, before.key) !== 'valid') this.reigns[at]!.orphan = true;
  }

  /** A key that the auditor trusts needs no hand-over: the one before it may have been lost. */
  private judgeByTrusted(note: SignedCheckpoint): Judgement {
    for (const key of this.trusted) {
      const check = this.has(key) ? 'absent' : checkSignature(note, key);
      if (check === 'invalid') return { is: 'false_signature' };
      if (check === 'absent') continue;
      const { size } = note.checkpoint;
      const until = this.retired.get(key);
      if (until !== undefined && size > until) return { is: 'retired_key', until };
      const reign = this.succeed(key, { trusted: true, since: size });
      reign.signed = true;
      reign.orphan = this.reigns.length > 1;
      return { is: 'signed', trusted: true };
    }
    return { is: 'unknown_key' };
  }

  private succeed(key: VerifyingKey, is: Pick<Reign, 'trusted' | 'since'>): Reign {
    const last = this.reigns.at(-1);
    if (last) last.until = is.since;
    const reign = reignOf(key, is);
    this.reigns.push(reign);
    return reign;
  }

  /** Who has signed that another takes over has ended, whatever the trail says of him. */
  private retireSigners(note: SignedCheckpoint, next: VerifyingKey): void {
    for (const key of this.trusted) {
      if (key.equals(next) || this.has(key) || checkSignature(note, key) !== 'valid') continue;
      this.retired.set(key, Math.min(note.checkpoint.size, this.retired.get(key) ?? Infinity));
    }
  }

  private reignOf(key: VerifyingKey): Reign | undefined {
    return this.reigns.find((reign) => reign.key.equals(key));
  }
}

function reignOf(key: VerifyingKey, is: Pick<Reign, 'trusted' | 'since'>): Reign {
  return { key, ...is, until: Infinity, signed: false, orphan: false };
}
