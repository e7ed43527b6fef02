import { UuidV7 } from '../../../record/record-id.js';
import { type PlainObject } from '../../../wire/plain-value.js';
import { originOf, signCheckpoint } from '../../evidence/checkpoint-note.js';
import { handOver } from '../../evidence/key-handover.js';
import { type SigningKey } from '../../evidence/signing-key.js';
import { Anchors } from './anchors.js';
import { CheckpointWriter } from './checkpoint-writer.js';
import { type WrittenCheckpoint } from '../../store/written-checkpoint.js';
import { type Committer } from './committer.js';
import { type EntryWriter } from './entry-writer.js';
import { writeMeta } from '../meta.js';
import { type StartedTrail, type WriterOptions } from './start-trail.js';
import { transaction } from '../sqlite.js';
import { type NewEntry } from '../../store/trail-entry.js';
import { finishRotation, prepareRotation } from '../../store/trail-keys.js';

/** What a writer tells as it happens. */
export interface WriterListener {
  checkpoint(checkpoint: WrittenCheckpoint): void;
  /** A checkpoint could not be made or anchored; it is tried again. */
  problem(error: unknown): void;
}

/** What signing needs of the writer. */
export interface SignerTrail {
  readonly started: StartedTrail;
  readonly commits: Committer;
  readonly entries: EntryWriter;
  /** No intent before this entry is without an outcome. */
  readonly openFrom: () => number;
  readonly instance: string;
}

/** Signs the head of a trail, anchors what was signed, and changes the key. */
export class TrailSigner {
  private readonly checkpoints: CheckpointWriter;
  private readonly anchors: Anchors | undefined;
  private readonly ids = new UuidV7();
  private key: SigningKey;
  private signed: WrittenCheckpoint | undefined;

  constructor(
    private readonly trail: SignerTrail,
    { anchors }: WriterOptions,
    private readonly listener: WriterListener,
  ) {
    const { db, trail: id, keys, restored, anchored } = trail.started;
    this.key = keys.key;
    this.signed = restored.last;
    this.checkpoints = new CheckpointWriter(db, restored.head, id);
    this.anchors = anchors === undefined ? undefined : new Anchors(anchors, db);
    this.anchors?.startAfter(anchored);
  }

  /** The last checkpoint. */
  get last(): WrittenCheckpoint | undefined {
    return this.signed;
  }

  get verifier(): string {
    return this.key.verifier;
  }

  /** Entries that no checkpoint covers. */
  get uncovered(): number {
    return this.trail.started.restored.head.seq - (this.signed?.size ?? 0);
  }

  /** Brings in the key of this start: the first one, the one so far, or one that takes over. */
  start(): void {
    const { db, keys, trail } = this.trail.started;
    if (keys.isFirst) this.nameFirstKey();
    if (keys.previous) this.changeKey(keys.previous, keys.key);
    if (keys.path !== undefined) finishRotation(keys.path, originOf(trail), keys.key.verifier);
    db.exec('DELETE FROM pruning');
  }

  /** Signs the head, unless that was done. */
  checkpoint(): WrittenCheckpoint {
    if (this.signed && this.uncovered === 0) return this.signed;
    const { commits, openFrom } = this.trail;
    return this.written(commits.run(() => this.checkpoints.sign(openFrom(), this.key)));
  }

  /** Anchors what is not anchored yet. */
  catchUp(): void {
    this.anchors?.catchUp();
  }

  /**
   * Changes the key that signs; both sign that.
   *
   * @param pem the next key; made when there is none
   * @returns its verifier key
   */
  rotateKey(pem: string | undefined): string {
    const { trail, keys } = this.trail.started;
    const next = prepareRotation(keys.path, originOf(trail), pem);
    this.changeKey(this.key, next);
    if (keys.path !== undefined) finishRotation(keys.path, originOf(trail), next.verifier);
    return next.verifier;
  }

  /** An entry that the trail itself makes. */
  entry(kind: NewEntry['kind'], data: PlainObject): NewEntry {
    const timestamp = new Date().toISOString();
    return {
      kind,
      stream: null,
      instance: this.trail.instance,
      data: { id: this.ids.next(), timestamp, ...data },
    };
  }

  private nameFirstKey(): void {
    const { db } = this.trail.started;
    transaction(db, () => {
      writeMeta(db, 'first_verifier', this.key.verifier);
      writeMeta(db, 'verifier', this.key.verifier);
    });
  }

  /** The old key signs the state that it leaves, and the next entry says which key takes over. */
  private changeKey(from: SigningKey | 'lost', to: SigningKey): void {
    const { commits, entries, openFrom, started } = this.trail;
    const checkpoint = this.checkpoints.current();
    const { note, ...rest } =
      from === 'lost'
        ? { note: signCheckpoint({ ...checkpoint, nextKey: to.verifier }, to), vkey: to.verifier, lost: true }
        : handOver(checkpoint, from, to);
    const entry = this.entry('key', { note, ...rest });
    const signed = commits.run(() => {
      const kept = this.checkpoints.write(checkpoint, note, openFrom());
      entries.write(entry);
      writeMeta(started.db, 'verifier', to.verifier);
      return kept;
    });
    this.key = to;
    this.written(signed);
    this.checkpoint();
  }

  private written(checkpoint: WrittenCheckpoint): WrittenCheckpoint {
    this.signed = checkpoint;
    this.listener.checkpoint(checkpoint);
    try {
      this.anchors?.catchUp();
    } catch (error) {
      this.listener.problem(error);
    }
    return checkpoint;
  }
}
