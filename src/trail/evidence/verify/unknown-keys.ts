import { type SignedCheckpoint } from '../checkpoint-note.js';
import { checkSignature } from '../signed-note.js';
import { VerifyingKey } from '../verifying-key.js';
import { type Finding } from './finding.js';
import { type Findings } from './findings.js';

interface Doubt {
  readonly finding: Finding;
  /** Absent where it is about an entry that names a key. */
  readonly note?: SignedCheckpoint;
}

/**
 * What keys have signed that nobody knows or trusts. Where the key before was lost, the trail names the next one without
 * any proof; that is no reason for doubt when a key that the auditor trusts came in later, and has signed it all.
 */
export class UnknownKeys {
  private readonly doubts: Doubt[] = [];
  private readonly named: VerifyingKey[] = [];

  add(finding: Finding, note?: SignedCheckpoint): void {
    this.doubts.push({ finding, ...(note && { note }) });
  }

  /** An entry names the key, and the key has signed that. */
  name(note: SignedCheckpoint): void {
    const { nextKey } = note.checkpoint;
    if (nextKey === undefined) return;
    const key = VerifyingKey.parse(nextKey);
    if (checkSignature(note, key) === 'valid') this.named.push(key);
  }

  /**
   * Tells what is left of it.
   *
   * @param since where a trusted key came in that none handed over to
   * @param signedThrough the last entry that a trusted key has signed
   */
  tell(findings: Findings, since: number | undefined, signedThrough: number): void {
    for (const { finding, note } of this.doubts) {
      const isCovered = since !== undefined && finding.seq <= since && finding.seq <= signedThrough;
      if (!isCovered || !this.isNamed(note)) findings.add(finding);
    }
  }

  private isNamed(note: SignedCheckpoint | undefined): boolean {
    return note === undefined || this.named.some((key) => checkSignature(note, key) === 'valid');
  }
}
