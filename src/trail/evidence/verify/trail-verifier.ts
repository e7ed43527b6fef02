import { FIRST_START, type StartState } from '../start-state.js';
import { originOf } from '../checkpoint-note.js';
import { VerifyingKey } from '../verifying-key.js';
import { EntryCheck } from './entry-check.js';
import { readPayload } from '../read-payload.js';
import { readTail } from './entry-tail.js';
import { type FindingCode } from './finding.js';
import { Findings } from './findings.js';
import { RunningTree } from './running-tree.js';
import { Keyring } from './keyring.js';
import { type LookupCheck } from './lookup-check.js';
import { NoteCheck } from './note-check.js';
import { notEstablished } from './not-established.js';
import { PruningCheck } from './pruning-check.js';
import { readNote, type ReadNote } from './read-note.js';
import { type StoredEntry } from './stored-entry.js';
import { type TrailReport } from './trail-report.js';
import { VERIFY_EXIT_CODES } from './verdict.js';
import * as messages from './verify.messages.js';

/** What a verification takes an entry for that says nothing of keys or of what was pruned. */
const ORDINARY = { kind: 'record', data: undefined } as const;

/** What a verification starts from. */
export interface TrailVerifierOptions {
  /** Id of the trail. */
  readonly trail: string;
  /** Verifier keys as the trail names them, the one in force at its start first. That makes none of them trusted. */
  readonly keys: readonly string[];
  /**
   * Keys that the auditor trusts, in any order. Each that is one of this trail must sign something here.
   * @default none: the first of the trail's own is taken on trust, and the report says so
   */
  readonly trusted?: readonly VerifyingKey[];
  /**
   * What was pruned before the first entry.
   * @default nothing
   */
  readonly start?: StartState;
  /**
   * The key that signs now, as the store says.
   * @default it says nothing
   */
  readonly signer?: string;
  /**
   * Checks what a store finds its entries by; an export finds nothing.
   * @default nothing
   */
  readonly lookups?: LookupCheck;
  /**
   * Whether anchors are given. Without, the report says what cannot be seen.
   * @default false
   */
  readonly anchored?: boolean;
}

/**
 * Verifies a trail in one pass and constant memory. Entries come in the order in which they are stored; each note when
 * as many entries were given as it has for its size, and notes that are larger than the trail at the end.
 *
 * It looks for two attackers. One can write the database file and has no key: whatever he changes, either the chain
 * breaks or a signed root differs. The other has, beside that, a key that has handed over: what it signs for more
 * entries than it was good for counts as nothing. Neither can change an anchor.
 */
export class TrailVerifier {
  private readonly findings = new Findings();
  private readonly history: RunningTree;
  private readonly keyring: Keyring;
  private readonly entryCheck: EntryCheck;
  private readonly noteCheck: NoteCheck;
  private readonly pruningCheck: PruningCheck;
  private readonly start: StartState;
  private readonly trusted: readonly VerifyingKey[];
  private readonly firstKey: string | undefined;
  private readonly anchored: boolean;
  private entries = 0;

  /**
   * @param options see there
   * @throws TypeError when the trail's first key is none
   * @throws RangeError when the start state does not fit together
   */
  constructor(private readonly options: TrailVerifierOptions) {
    const { trail, keys, trusted = [], start = FIRST_START, anchored = false } = options;
    this.start = start;
    this.trusted = trusted;
    this.anchored = anchored;
    this.history = new RunningTree(start);
    const first = keys[0] === undefined ? undefined : VerifyingKey.parse(keys[0]);
    this.firstKey = first?.toString();
    this.keyring = new Keyring(trusted, first);
    this.entryCheck = new EntryCheck(this.history, this.findings);
    this.noteCheck = new NoteCheck(trail, start.through, this.keyring, this.history, this.findings);
    this.pruningCheck = new PruningCheck(start, this.findings);
    for (const note of start.handovers) this.noteCheck.takePrunedHandover(note);
  }

  /** The last entry's `seq`. */
  get position(): number {
    return this.history.position;
  }

  /** The next entry, as it is stored. */
  entry(entry: StoredEntry): void {
    this.entries += 1;
    const read = readPayload(entry.payload);
    const { kind, data } = 'entry' in read && read.entry.seq === entry.seq ? read.entry : ORDINARY;
    // By the trail as it is without this entry: that is what both keys signed.
    if (kind === 'key' && entry.seq === this.position + 1) this.noteCheck.takeHandover(entry.seq, data);
    const inPlace = this.entryCheck.check(entry, readTail(entry.payload), read);
    if (kind === 'pruned' && inPlace) this.pruningCheck.take(entry.seq, data);
    if (inPlace && 'entry' in read) this.options.lookups?.entry(read.entry);
  }

  /** Something that stands in the place of an entry and cannot be read as one. */
  unreadable(): void {
    this.entryCheck.unreadable();
  }

  /** What the store declares is not what a trail is stored in. */
  storeAltered(text: string): void {
    this.findings.add({ verdict: 'altered', code: 'schema_altered', seq: 1, text });
  }

  /** A checkpoint that is kept with the entries. */
  checkpoint(note: string | ReadNote): void {
    this.noteCheck.take('checkpoint', typeof note === 'string' ? readNote(note) : note);
  }

  /** A checkpoint that was kept elsewhere. */
  anchor(note: string | ReadNote): void {
    this.noteCheck.take('anchor', typeof note === 'string' ? readNote(note) : note);
  }

  /** Something follows the line that says that it is the last. */
  afterEnd(): void {
    const seq = this.position + 1;
    this.findings.add({ verdict: 'out_of_sequence', code: 'wrong_place', seq, text: messages.afterTheEnd });
  }

  /** @param last the last entry, as the last line of an export says; `undefined` when there is no such line */
  end(last: number | undefined): void {
    const { position } = this;
    if (last === position) return;
    const verdict = last !== undefined && last < position ? 'out_of_sequence' : 'truncated';
    const code = verdict === 'truncated' ? 'cut_off' : 'wrong_place';
    const text = last === undefined ? messages.exportCutOff(position) : messages.exportShort(position, last);
    this.findings.add({ verdict, code, seq: position + 1, text });
  }

  /** What was found. Nothing may be given after it. */
  finish(): TrailReport {
    const { findings, noteCheck } = this;
    this.entryCheck.finish();
    this.checkLookups();
    noteCheck.finish();
    this.checkSigner();
    this.checkTrust();
    this.pruningCheck.finish(noteCheck.chainSignedThrough);
    const { verdict } = findings;
    return {
      verdict,
      exitCode: VERIFY_EXIT_CODES[verdict],
      trail: this.options.trail,
      ...(findings.firstSeq === undefined ? {} : { firstBadSeq: findings.firstSeq }),
      entries: this.entries,
      prunedThrough: this.start.through,
      last: this.position,
      signedThrough: noteCheck.signedThrough,
      anchoredThrough: noteCheck.anchoredThrough,
      checkpoints: noteCheck.counts('checkpoint'),
      anchors: noteCheck.counts('anchor'),
      trust: this.trusted.length > 0 ? 'given' : 'first_use',
      keys: this.keyring.keys.map(String),
      trustedKeys: this.keyring.trustedKeys.map(String),
      findings: findings.kept,
      findingCount: findings.count,
      notEstablished: notEstablished({
        noteCheck,
        keysOfOthers: this.trusted.length - this.own.length,
        notGiven: this.keyNotGiven,
        position: this.position,
        notLinked: this.entryCheck.notLinked,
        anchored: this.anchored,
        firstUse: this.trusted.length > 0 ? undefined : this.firstKey,
      }),
    };
  }

  /** The next start goes on under this key; nobody may put another one there unseen. */
  private checkSigner(): void {
    const { signer } = this.options;
    const { last } = this.keyring;
    if (signer === undefined || this.findings.count > 0 || last?.toString() === signer) return;
    const text = messages.signerAltered(signer);
    this.findings.add({ verdict: 'altered', code: 'lookup_altered', seq: this.position, text });
  }

  private checkLookups(): void {
    const { lookups } = this.options;
    // Where entries are damaged, what they are found by differs with them.
    if (!lookups || this.findings.count > 0) return;
    for (const finding of lookups.finish()) this.findings.add(finding);
  }

  private checkTrust(): void {
    const { noteCheck, keyring, trusted, own } = this;
    const { trail } = this.options;
    const add = (code: FindingCode, text: string): void =>
      this.findings.add({ verdict: 'bad_key', code, seq: this.position, text });
    if (trusted.length > 0 && own.length === 0) add('nothing_trusted', messages.noKeyOfTrail(trail));
    else if (own.length > 0 && noteCheck.trustedNotes === 0) add('nothing_trusted', messages.nothingTrusted);
    else
      for (const key of own)
        if (!keyring.hasSigned(key)) add('key_not_used', messages.keyNotUsed(key.toString()));
    if (keyring.orphans.length > 1) add('keys_unproved', messages.keysUnproved(keyring.orphans.map(String)));
    if (noteCheck.anchorsOfOthers > 0 && noteCheck.anchorsOfOthers === noteCheck.counts('anchor').given)
      add('other_trail', messages.noAnchorOfTrail(trail));
  }

  /** A key has the name of its trail: those of others are no keys here, and no reason for doubt. */
  private get own(): readonly VerifyingKey[] {
    const name = originOf(this.options.trail);
    return this.trusted.filter((key) => key.name === name);
  }

  private get keyNotGiven(): string | undefined {
    const { keyring, trusted } = this;
    const { last } = keyring;
    const isMissing = trusted.length > 0 && last !== undefined && !keyring.isTrusted(last);
    return isMissing && keyring.trustedKeys.includes(last) ? last.toString() : undefined;
  }
}
