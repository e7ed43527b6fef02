import { HASH_BYTES, leafHash } from '../hashes.js';
import { type EntryTail } from './entry-tail.js';
import { type Findings } from './findings.js';
import { type RunningTree } from './running-tree.js';
import { type ReadPayload } from '../read-payload.js';
import { type StoredEntry } from './stored-entry.js';
import * as messages from './verify.messages.js';

/** A payload that does not count, and whether it looks like that of an entry. */
interface UnfitPayload {
  readonly isEntry: boolean;
  readonly problem: string;
}

/** Checks entries: their order, the number that each carries in itself, and their hashes. */
export class EntryCheck {
  /** Whose link is broken; the next one shows what of it was altered. */
  private broken: number | undefined;
  /** Things that stand where entries should, since the last entry. */
  private unreadables = 0;
  private unchecked = 0;

  constructor(
    private readonly history: RunningTree,
    private readonly findings: Findings,
  ) {}

  /** Entries whose link could not be checked. */
  get notLinked(): number {
    return this.unchecked;
  }

  /**
   * @param tail what the payload says of itself
   * @param read the payload, or why it is none
   * @returns whether the entry stands in its place
   */
  check({ seq, payload, chain }: StoredEntry, tail: EntryTail | undefined, read: ReadPayload): boolean {
    const { history } = this;
    const leaf = leafHash(payload);
    if (seq <= history.position) {
      this.notNext(seq, leaf, chain);
      return false;
    }
    if (seq > history.position + 1) this.skipTo(seq);
    this.unreadables = 0;
    if (tail && tail.seq !== seq) {
      this.settle();
      this.findings.add({
        verdict: 'out_of_sequence',
        code: 'wrong_number',
        seq,
        text: messages.wrongNumber(seq, tail.seq),
      });
      history.appendMisplaced(leaf);
      return false;
    }
    this.follow(seq, leaf, chain, 'problem' in read ? { isEntry: tail !== undefined, ...read } : undefined);
    return true;
  }

  /** What stands in the place of the next entry is none. */
  unreadable(): void {
    this.unreadables += 1;
    const seq = this.history.position + this.unreadables;
    this.findings.add({ verdict: 'altered', code: 'unreadable', seq, text: messages.unreadable(seq) });
  }

  /** Nothing follows. */
  finish(): void {
    this.settle();
  }

  /** @param unfit what keeps a payload from counting, although its hash may fit: whoever can write the tail can hash */
  private follow(seq: number, leaf: Buffer, chain: Uint8Array, unfit: UnfitPayload | undefined): void {
    const link = chain.length === HASH_BYTES ? this.history.append(leaf, chain) : this.unhashed(leaf);
    this.settle();
    if (link === 'broken') this.broken = seq;
    else if (unfit?.isEntry)
      this.findings.add({
        verdict: 'altered',
        code: 'not_canonical',
        seq,
        text: messages.notCanonical(seq, unfit.problem),
      });
    else if (unfit)
      this.findings.add({
        verdict: 'altered',
        code: 'unreadable',
        seq,
        text: messages.unreadable(seq, unfit.problem),
      });
    if (link === 'unchecked') this.unchecked += 1;
  }

  /** A hash of another length cannot be followed by anything. */
  private unhashed(leaf: Buffer): 'broken' {
    this.history.appendMisplaced(leaf);
    return 'broken';
  }

  private skipTo(seq: number): void {
    this.settle();
    const { history } = this;
    const from = history.position + 1;
    // Those that cannot be read are there, if not as entries.
    if (seq - from > this.unreadables) {
      history.hasGap = true;
      const text = messages.missing(from, seq - 1);
      this.findings.add({ verdict: 'out_of_sequence', code: 'missing', seq: from, to: seq - 1, text });
    }
    history.skipTo(seq - 1);
  }

  private notNext(seq: number, leaf: Buffer, chain: Uint8Array): void {
    const last = this.history.position;
    const add = (code: 'fork' | 'duplicate' | 'wrong_place', text: string): void =>
      this.findings.add({ verdict: 'out_of_sequence', code, seq, text });
    if (seq < last) add('wrong_place', messages.wrongPlace(seq, last));
    else if (this.history.links.forks(leaf, chain)) add('fork', messages.fork(seq));
    else add('duplicate', messages.duplicate(seq));
  }

  /** Reports the broken entry before, with what the one after it showed. */
  private settle(): void {
    const seq = this.broken;
    if (seq === undefined) return;
    this.broken = undefined;
    const part = this.history.links.brokenPart;
    const [code, text] = {
      payload: ['payload_altered', messages.payloadAltered(seq)] as const,
      chain: ['chain_altered', messages.chainAltered(seq)] as const,
      either: ['entry_altered', messages.entryAltered(seq)] as const,
    }[part];
    this.findings.add({ verdict: 'altered', code, seq, text });
  }
}
