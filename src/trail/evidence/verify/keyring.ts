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

interface Reign {
  readonly key: VerifyingKey;
  /** Whether the auditor trusts it, or a trusted key handed over to it. */
  trusted: boolean;
  /** The size with which it handed over: no larger note of it counts. */
  until: number;
}

/**
 * The keys of a trail, each with the sizes for which it signs. A key comes in by the signature of the one before, or
 * because the auditor trusts it. One that handed over never signs again: whoever has kept an old key can otherwise sign
 * a new end for the trail.
 */
export class Keyring {
  private readonly reigns: Reign[] = [];

  /**
   * @param trusted keys of the auditor, oldest first
   * @param first the key that signs at the start, as the trail itself says; trusted on first use when the auditor has none
   */
  constructor(
    private readonly trusted: readonly VerifyingKey[],
    first: VerifyingKey | undefined,
  ) {
    const key = first ?? trusted[0];
    if (key) this.reigns.push({ key, trusted: trusted.length === 0 || this.isTrusted(key), until: Infinity });
  }

  /** Keys that signed, or could have, in the order of their reigns. */
  get keys(): readonly VerifyingKey[] {
    return this.reigns.map(({ key }) => key);
  }

  has(key: VerifyingKey): boolean {
    return this.reigns.some((reign) => reign.key.equals(key));
  }

  judge(note: SignedCheckpoint): Judgement {
    const { size } = note.checkpoint;
    let retired: Judgement | undefined;
    // The newest first: a note by which one key hands over to the next is signed by both.
    for (const { key, trusted, until } of this.reigns.toReversed()) {
      const check = checkSignature(note, key);
      if (check === 'invalid') return { is: 'false_signature' };
      if (check === 'absent') continue;
      if (size <= until) return { is: 'signed', trusted };
      retired ??= { is: 'retired_key', until };
    }
    return retired ?? this.judgeByTrusted(note);
  }

  /**
   * Lets the next key take over, when the note says so and both have signed it.
   *
   * @returns whether the key that it names is now, or was already, one of these
   */
  handOver(note: SignedCheckpoint): boolean {
    const { nextKey, size } = note.checkpoint;
    if (nextKey === undefined) return false;
    const next = VerifyingKey.parse(nextKey);
    if (this.has(next)) return true;
    const last = this.reigns.at(-1);
    if (!last || checkSignature(note, last.key) !== 'valid' || checkSignature(note, next) !== 'valid')
      return false;
    last.until = size;
    this.reigns.push({ key: next, trusted: last.trusted || this.isTrusted(next), until: Infinity });
    return true;
  }

  isTrusted(key: VerifyingKey): boolean {
    return this.trusted.some((trusted) => trusted.equals(key));
  }

  /** A key that the auditor trusts needs no hand-over: the one before it may have been lost. */
  private judgeByTrusted(note: SignedCheckpoint): Judgement {
    for (const key of this.trusted) {
      const check = this.has(key) ? 'absent' : checkSignature(note, key);
      if (check === 'invalid') return { is: 'false_signature' };
      if (check === 'absent') continue;
      const last = this.reigns.at(-1);
      if (last) last.until = note.checkpoint.size;
      this.reigns.push({ key, trusted: true, until: Infinity });
      return { is: 'signed', trusted: true };
    }
    return { is: 'unknown_key' };
  }
}
