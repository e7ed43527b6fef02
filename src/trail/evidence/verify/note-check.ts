import { type SignedCheckpoint } from '../checkpoint-note.js';
import { VerifyingKey } from '../verifying-key.js';
import { type FindingCode } from './finding.js';
import { type Findings } from './findings.js';
import { type RunningTree } from './running-tree.js';
import { type Keyring } from './keyring.js';
import { readNote, type ReadNote } from './read-note.js';
import { type NoteCounts } from './trail-report.js';
import { UnknownKeys } from './unknown-keys.js';
import * as messages from './verify.messages.js';
import { type NoteSource } from './verify.messages.js';

/** Checks signed notes: who signed them, and whether they are of the same history as the entries. */
export class NoteCheck {
  /** The last entry that a trusted note agrees with, and a trusted anchor. */
  signedThrough: number;
  anchoredThrough: number;
  /** The last entry whose place in the chain a trusted note shows, damage before it or not. */
  chainSignedThrough: number;
  /** Checkpoints and anchors signed by a key in force, whatever they say; notes by a trusted one. */
  signedNotes = 0;
  trustedNotes = 0;
  /** Notes that damage left nothing to compare with. */
  notCompared = 0;
  /** Notes of entries that were pruned. */
  beforeStart = 0;
  unreadableAnchors = 0;
  anchorsOfOthers = 0;
  private readonly given = { checkpoint: 0, anchor: 0, 'hand-over': 0 };
  private readonly agree = { checkpoint: 0, anchor: 0, 'hand-over': 0 };
  /** The largest size of notes that count as nothing: one that was changed to be larger held up those behind it. */
  private readonly misleading = { checkpoint: 0, anchor: 0, 'hand-over': 0 };
  private rewritten = false;
  private readonly unknown = new UnknownKeys();
  /** Notes that were larger than the trail when they came: the largest, and the smallest. */
  private largest: { readonly source: NoteSource; readonly size: number } | undefined;
  private smallest: { readonly source: NoteSource; readonly size: number } | undefined;

  constructor(
    private readonly trail: string,
    private readonly start: number,
    private readonly keyring: Keyring,
    private readonly history: RunningTree,
    private readonly findings: Findings,
  ) {
    this.chainSignedThrough = start;
    this.signedThrough = start;
    this.anchoredThrough = start;
  }

  counts(source: 'checkpoint' | 'anchor'): NoteCounts {
    return { given: this.given[source], agree: this.agree[source] };
  }

  take(source: NoteSource, read: ReadNote): void {
    this.given[source] += 1;
    if (!('signed' in read)) return this.malformed(source, read.problem);
    const { signed } = read;
    const { trail, size } = signed.checkpoint;
    if (trail !== this.trail) return this.ofOtherTrail(source, size, trail);
    if (size < this.start) {
      this.beforeStart += 1;
      return;
    }
    const trusted = this.isSigned(source, signed);
    if (trusted === undefined) return;
    const { position } = this.history;
    if (size < position) {
      if (size < this.misleading[source]) this.notCompared += 1;
      else this.outOfOrder(size, messages.noteOutOfOrder(source, size, position));
      return;
    }
    if (source !== 'hand-over') this.signedNotes += 1;
    if (trusted) this.trustedNotes += 1;
    if (this.keyring.handOver(signed) === 'contradicted') this.contradicted(signed);
    if (size > position) this.keepAhead(source, size);
    else this.compare(source, signed, trusted);
  }

  /** An entry that names the next key, before it is itself added. */
  takeHandover(seq: number, data: unknown): void {
    const { vkey, note } = (typeof data === 'object' && data !== null ? data : {}) as {
      readonly vkey?: unknown;
      readonly note?: unknown;
    };
    const read = typeof note === 'string' ? readNote(note) : undefined;
    if (read) this.take('hand-over', read);
    if (read && 'signed' in read) {
      this.keyring.orphaned(read.signed);
      this.unknown.name(read.signed);
    }
    if (this.isKnown(vkey)) return;
    this.unknown.add({ verdict: 'bad_key', code: 'bad_handover', seq, text: messages.badHandover(seq) });
  }

  /** A hand-over whose entry was pruned: its signatures are all that is left of it. */
  takePrunedHandover(note: string): void {
    const read = readNote(note);
    const isTaken =
      'signed' in read &&
      read.signed.checkpoint.trail === this.trail &&
      (this.keyring.handOver(read.signed) === 'taken' || this.isTakenOnTrust(read.signed));
    if (!isTaken) this.badKey('bad_handover', this.start, messages.badHandover(this.start));
  }

  /** No entry follows: what larger notes there were show a tail that was cut off. */
  finish(): void {
    const { largest, smallest, history } = this;
    this.unknown.tell(this.findings, this.keyring.orphanSince, this.signedThrough);
    if (largest && largest.size > history.position) {
      const { source, size } = largest;
      this.findings.add({
        verdict: 'truncated',
        code: 'cut_off',
        seq: history.position + 1,
        to: size,
        text: messages.cutOff(source, size, history.position),
      });
    }
    if (!smallest || smallest.size > history.position) return;
    // In a gap there is no place for it; without one, it stood in a wrong place.
    if (history.hasGap) this.notCompared += 1;
    else this.outOfOrder(smallest.size, messages.noteTooEarly(smallest.source, smallest.size));
  }

  private compare(source: NoteSource, { checkpoint }: SignedCheckpoint, trusted: boolean): void {
    const { size, time } = checkpoint;
    switch (this.history.compare(checkpoint)) {
      case 'agrees':
        this.agree[source] += 1;
        if (trusted) this.signedThrough = this.chainSignedThrough = size;
        if (trusted && source === 'anchor') this.anchoredThrough = size;
        return;
      case 'same_chain':
        if (trusted) this.chainSignedThrough = size;
        this.notCompared += 1;
        return;
      case 'unknown':
        this.notCompared += 1;
        return;
      case 'differs': {
        // The first one says where; all that follow differ with it.
        if (this.rewritten) return;
        this.rewritten = true;
        const agreed = source === 'anchor' ? this.anchoredThrough : this.signedThrough;
        const seq = Math.min(agreed + 1, size);
        const text = messages.anotherHistory(source, seq, size, time);
        this.findings.add({ verdict: 'rewritten', code: 'another_history', seq, to: size, text });
      }
    }
  }

  /** @returns whether the key is trusted; `undefined` when the note counts as nothing */
  private isSigned(source: NoteSource, signed: SignedCheckpoint): boolean | undefined {
    const { size } = signed.checkpoint;
    const judgement = this.keyring.judge(signed);
    if (judgement.is !== 'signed') this.misleading[source] = Math.max(size, this.misleading[source]);
    switch (judgement.is) {
      case 'signed':
        return judgement.trusted;
      case 'false_signature':
        return this.badKey('bad_signature', size, messages.badSignature(source, size));
      case 'unknown_key':
        return this.ofUnknownKey(source, signed);
      case 'retired_key':
        return this.badKey('retired_key', size, messages.retiredKey(source, size, judgement.until));
    }
  }

  /** A key that was lost could not hand over. */
  private isTakenOnTrust(note: SignedCheckpoint): boolean {
    return this.keyring.judge(note).is === 'signed' && this.keyring.handOver(note) === 'taken';
  }

  private contradicted({ checkpoint: { size, nextKey = '' } }: SignedCheckpoint): void {
    this.badKey('bad_handover', size, messages.contradictedHandover(size, nextKey));
  }

  private ofUnknownKey(source: NoteSource, note: SignedCheckpoint): undefined {
    const { size } = note.checkpoint;
    const text = messages.unknownKey(source, size);
    this.unknown.add({ verdict: 'bad_key', code: 'unknown_key', seq: size, text }, note);
  }

  private malformed(source: NoteSource, problem: string): void {
    // Who can change an anchor can as well take it away: a note that a crash cut off must not look like an attack.
    if (source === 'anchor') this.unreadableAnchors += 1;
    else {
      const { position } = this.history;
      this.badKey('malformed_note', position, messages.malformedCheckpoint(source, position, problem));
    }
  }

  private ofOtherTrail(source: NoteSource, size: number, trail: string): void {
    // One place may keep the anchors of many trails.
    if (source === 'anchor') this.anchorsOfOthers += 1;
    else this.badKey('other_trail', size, messages.otherTrail(source, size, trail));
  }

  private outOfOrder(size: number, text: string): void {
    this.findings.add({ verdict: 'out_of_sequence', code: 'wrong_place', seq: size, text });
  }

  private badKey(code: FindingCode, seq: number, text: string): undefined {
    this.findings.add({ verdict: 'bad_key', code, seq, text });
  }

  private keepAhead(source: NoteSource, size: number): void {
    if (size > (this.largest?.size ?? 0)) this.largest = { source, size };
    if (size < (this.smallest?.size ?? Infinity)) this.smallest = { source, size };
  }

  private isKnown(vkey: unknown): boolean {
    try {
      const key = VerifyingKey.parse(String(vkey));
      return this.keyring.has(key) || this.keyring.isTrusted(key);
    } catch {
      return false;
    }
  }
}
