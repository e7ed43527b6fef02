import { UuidV7 } from '../../audit/uuid-v7.js';
import { type PlainObject } from '../../record/plain-value.js';
import { originOf, signCheckpoint } from '../evidence/checkpoint-note.js';
import { handOver } from '../evidence/key-handover.js';
import { type SigningKey } from '../evidence/signing-key.js';
import { Anchors } from './anchors.js';
import { type AppendedBatch, type RefusedEntry } from './appended-batch.js';
import { CheckpointWriter, type WrittenCheckpoint } from './checkpoint-writer.js';
import { Committer } from './committer.js';
import { DiskSpace } from './disk-space.js';
import { EntryWriter, type PlacedEntry } from './entry-writer.js';
import { FileWitness } from './file-witness.js';
import { writeMeta } from './meta.js';
import { OpenIntents, type OpenIntent } from './open-intents.js';
import {
  deletePruned,
  prunable,
  prunedEntry,
  prunedThrough,
  type PruneBounds,
  type PruneResult,
} from './pruning.js';
import { transaction } from './sqlite.js';
import { startTrail, type StartedTrail, type WriterOptions } from './start-trail.js';
import { lowSpace } from './store.messages.js';
import { type NewEntry } from './trail-entry.js';
import { TrailError } from './trail-error.js';
import { type TrailHead } from './trail-head.js';
import { finishRotation, prepareRotation } from './trail-keys.js';

const HASH_BYTES = 32;

/** What a writer tells as it happens. */
export interface WriterListener {
  checkpoint(checkpoint: WrittenCheckpoint): void;
  /** A checkpoint could not be made or anchored; it is tried again. */
  problem(error: unknown): void;
}

/** The one who writes to a trail; synchronous, so at home in a worker. */
export class TrailWriter {
  /** Calls that the run before left without an outcome. */
  private readonly openAtStart: readonly OpenIntent[];
  readonly space: DiskSpace;
  private readonly head: TrailHead;
  private readonly entries: EntryWriter;
  private readonly checkpoints: CheckpointWriter;
  private readonly commits: Committer;
  private readonly anchors: Anchors | undefined;
  private readonly intents: OpenIntents;
  private readonly ids = new UuidV7();
  private key: SigningKey;
  private signed: WrittenCheckpoint | undefined;
  private closing = false;

  private constructor(
    private readonly options: WriterOptions,
    readonly started: StartedTrail,
    private readonly instance: string,
    private readonly listener: WriterListener,
  ) {
    const { db, restored, trail, keys, anchored } = started;
    const { file } = options;
    this.head = restored.head;
    this.signed = restored.last;
    this.key = keys.key;
    this.entries = new EntryWriter(db, this.head);
    this.checkpoints = new CheckpointWriter(db, this.head, trail);
    this.space = new DiskSpace(file, options.space);
    this.commits = new Committer(file, db, this.head, new FileWitness(file), this.space);
    this.anchors = options.anchors === undefined ? undefined : new Anchors(options.anchors, db);
    this.anchors?.startAfter(anchored);
    this.openAtStart = OpenIntents.find(db, restored.openFrom);
    this.intents = new OpenIntents(this.openAtStart);
  }

  /**
   * @param instance name of the process, for entries that the writer itself makes
   * @throws TrailError with a sentence that says what to change
   */
  static open(options: WriterOptions, instance: string, listener: WriterListener): TrailWriter {
    const started = startTrail(options);
    const writer = new TrailWriter(options, started, instance, listener);
    try {
      writer.start();
      return writer;
    } catch (error) {
      writer.release();
      throw error;
    }
  }

  /** The last entry that is committed. */
  get last(): number {
    return this.head.seq;
  }

  /** Entries that no checkpoint covers. */
  get uncovered(): number {
    return this.head.seq - (this.signed?.size ?? 0);
  }

  /** Calls that the run before left without an outcome, and that still have none. */
  get openIntents(): OpenIntent[] {
    return this.openAtStart.filter(({ id }) => this.intents.has(id));
  }

  get lastCheckpoint(): WrittenCheckpoint | undefined {
    return this.signed;
  }

  get verifier(): string {
    return this.key.verifier;
  }

  /** @param batch a JSON array of {@link NewEntry} */
  append(batch: string): AppendedBatch {
    const drafts = JSON.parse(batch) as NewEntry[];
    const { placed, refused } = this.commits.run(() => this.place(drafts));
    const chains = new Uint8Array(placed.length * HASH_BYTES);
    for (const [index, entry] of placed.entries()) {
      if (!entry) continue;
      chains.set(entry.chain, index * HASH_BYTES);
      if (entry.isNew) this.intents.note(drafts[index]!, entry.seq);
    }
    return { seqs: placed.map((entry) => entry?.seq ?? 0), chains, refused };
  }

  /** Signs the head, unless that was done. */
  checkpoint(): WrittenCheckpoint {
    if (this.signed && this.uncovered === 0) return this.signed;
    return this.written(this.commits.run(() => this.checkpoints.sign(this.openFrom, this.key)));
  }

  /** Changes the key that signs; both sign that. @param pem the next key; made when there is none */
  rotateKey(pem: string | undefined): string {
    const { trail, keys } = this.started;
    const next = prepareRotation(keys.path, originOf(trail), pem);
    this.changeKey(this.key, next);
    if (keys.path !== undefined) finishRotation(keys.path, originOf(trail), next.verifier);
    return next.verifier;
  }

  /** Records that a stream begins whose records will come. */
  beginEpoch(epoch: string): void {
    this.commits.run(() =>
      this.started.db
        .prepare('INSERT OR IGNORE INTO epochs (epoch, after_seq) VALUES (?, ?)')
        .run(epoch, this.head.seq),
    );
  }

  /** @param turn lets other work of the thread run */
  async prune(bounds: PruneBounds, turn: () => Promise<void>): Promise<PruneResult> {
    this.checkpoint();
    const stretch = prunable(this.started.db, bounds);
    const { from, through, heldBy } = stretch;
    if (through < from) return { count: 0, heldBy };
    const entry = this.withId(prunedEntry(this.started.db, stretch, bounds, this.instance));
    this.commits.run(() => this.entries.write(entry));
    await this.finishPruning(turn);
    return { count: through - from + 1, from, through, heldBy };
  }

  /** Deletes what is pruned, also where a run before did not come to its end. */
  async finishPruning(turn: () => Promise<void>): Promise<void> {
    this.checkpoint();
    await deletePruned(this.started.db, async () => {
      await turn();
      return !this.closing;
    });
  }

  get hasToFinishPruning(): boolean {
    const { db } = this.started;
    const first = Number(db.prepare('SELECT min(seq) AS first FROM entries').get()?.first ?? 0);
    return first > 0 && first <= prunedThrough(db);
  }

  /** What is due beside appending. @throws what failed; it is tried again the next time */
  maintain(): void {
    this.space.look();
    this.commits.demandFile();
    if (this.uncovered >= this.options.checkpoint.records) this.checkpoint();
    this.anchors?.catchUp();
  }

  /** Covers what is not covered and gives the file back, whole: without a write-ahead log. */
  close(): void {
    this.closing = true;
    try {
      if (this.uncovered > 0) this.checkpoint();
      this.anchors?.catchUp();
      this.started.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch (error) {
      this.listener.problem(error);
    } finally {
      this.release();
    }
  }

  private start(): void {
    const { db, keys, trail } = this.started;
    db.exec('DELETE FROM pruning');
    this.space.look();
    if (keys.isFirst) this.nameFirstKey();
    if (keys.previous) this.changeKey(keys.previous, keys.key);
    if (keys.path !== undefined) finishRotation(keys.path, originOf(trail), keys.key.verifier);
  }

  private nameFirstKey(): void {
    const { db } = this.started;
    transaction(db, () => {
      writeMeta(db, 'first_verifier', this.key.verifier);
      writeMeta(db, 'verifier', this.key.verifier);
    });
  }

  private place(drafts: readonly NewEntry[]): {
    placed: (PlacedEntry | undefined)[];
    refused: RefusedEntry[];
  } {
    const refused: RefusedEntry[] = [];
    const placed = drafts.map((draft, index) => {
      try {
        this.requireSpaceFor(draft);
        return this.entries.write(draft);
      } catch (error) {
        if (!(error instanceof TrailError)) throw error;
        refused.push({ index, code: error.code, message: error.message });
        return undefined;
      }
    });
    return { placed, refused };
  }

  /** An intent promises that the outcome can be stored as well. */
  private requireSpaceFor({ kind }: NewEntry): void {
    if (kind !== 'intent' || !this.space.isLow) return;
    const { file, space } = this.options;
    throw new TrailError('low_space', lowSpace(file, this.space.free, space.lowBytes));
  }

  /** The old key signs the state that it leaves, and the next entry says which key takes over. */
  private changeKey(from: SigningKey | 'lost', to: SigningKey): void {
    const checkpoint = this.checkpoints.current();
    const handover: PlainObject =
      from === 'lost'
        ? { vkey: to.verifier, note: signCheckpoint({ ...checkpoint, nextKey: to.verifier }, to), lost: true }
        : { ...handOver(checkpoint, from, to) };
    const entry = this.withId({ kind: 'key', stream: null, instance: this.instance, data: handover });
    const signed = this.commits.run(() => {
      const kept = this.checkpoints.keep(checkpoint, String(handover.note), this.openFrom);
      this.entries.write(entry);
      writeMeta(this.started.db, 'verifier', to.verifier);
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

  private withId(entry: NewEntry): NewEntry {
    return { ...entry, data: { id: this.ids.next(), timestamp: new Date().toISOString(), ...entry.data } };
  }

  private get openFrom(): number {
    return this.intents.from(this.head.seq + 1);
  }

  private release(): void {
    this.started.db.close();
    this.started.lock[Symbol.dispose]();
  }
}
