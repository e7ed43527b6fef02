import { type AppendedBatch, type RefusedEntry } from '../../store/appended-batch.js';
import { type WrittenCheckpoint } from '../../store/written-checkpoint.js';
import { type OpenIntent } from '../../store/open-intent.js';
import { type PruneBounds, type PruneResult } from '../../store/pruned.js';
import { Committer } from './committer.js';
import { DiskSpace } from './disk-space.js';
import { EntryWriter, type PlacedEntry } from './entry-writer.js';
import { FileWitness } from './file-witness.js';
import { Ownership } from './ownership.js';
import { OpenIntents } from './open-intents.js';
import { deletePruned } from './delete-pruned.js';
import { prunable, prunedData, prunedThrough } from './pruning.js';
import { startTrail, type StartedTrail, type WriterOptions } from './start-trail.js';
import { lowSpace } from '../../store/store.messages.js';
import { type NewEntry } from '../../store/trail-entry.js';
import { TrailError } from '../../store/trail-error.js';
import { type TrailHead } from './trail-head.js';
import { TrailSigner, type WriterListener } from './trail-signer.js';

const HASH_BYTES = 32;

/** The one who writes to a trail; synchronous, so at home in a worker. */
export class TrailWriter {
  readonly space: DiskSpace;
  readonly signer: TrailSigner;
  private readonly head: TrailHead;
  private readonly entries: EntryWriter;
  private readonly commits: Committer;
  private readonly intents: OpenIntents;
  private readonly openAtStart: readonly OpenIntent[];
  private closing = false;

  private constructor(
    private readonly options: WriterOptions,
    readonly started: StartedTrail,
    instance: string,
    private readonly listener: WriterListener,
  ) {
    const { db, restored } = started;
    const { file, space } = options;
    this.head = restored.head;
    this.entries = new EntryWriter(db, this.head);
    this.space = new DiskSpace(file, space);
    this.commits = new Committer(
      file,
      db,
      this.head,
      new FileWitness(file),
      this.space,
      new Ownership(db, file),
    );
    this.openAtStart = OpenIntents.find(db, restored.openFrom);
    this.intents = new OpenIntents(this.openAtStart);
    const openFrom = (): number => this.intents.from(this.head.seq + 1);
    const { commits, entries } = this;
    this.signer = new TrailSigner({ started, commits, entries, openFrom, instance }, options, listener);
  }

  /**
   * @param instance name of the process, for entries that the writer itself makes
   * @throws TrailError with a sentence that says what to change
   */
  static open(options: WriterOptions, instance: string, listener: WriterListener): TrailWriter {
    const started = startTrail(options);
    try {
      const writer = new TrailWriter(options, started, instance, listener);
      writer.space.look();
      writer.signer.start();
      return writer;
    } catch (error) {
      release(started);
      throw error;
    }
  }

  /** The last entry that is committed. */
  get last(): number {
    return this.head.seq;
  }

  /** Calls that the run before left without an outcome, and that still have none. */
  get openIntents(): OpenIntent[] {
    return this.openAtStart.filter(({ id }) => this.intents.has(id));
  }

  /**
   * @param batch a JSON array of {@link NewEntry}
   * @throws TrailError when none of it was committed
   */
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
    return this.signer.checkpoint();
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
    const { db } = this.started;
    this.checkpoint();
    const stretch = prunable(db, bounds);
    const { from, through, heldBy } = stretch;
    if (through < from) return { count: 0, heldBy };
    const entry = this.signer.entry('pruned', prunedData(db, stretch, bounds));
    this.commits.run(() => this.entries.write(entry));
    await this.finishPruning(turn);
    return { count: through - from + 1, from, through, heldBy };
  }

  /** Deletes what is pruned, also where a run before did not come to its end. */
  async finishPruning(turn: () => Promise<void>): Promise<void> {
    this.checkpoint();
    await deletePruned(this.started.db, this.commits, async () => {
      await turn();
      return !this.closing;
    });
  }

  /** A run before did not come to the end of its pruning. */
  get hasToFinishPruning(): boolean {
    const { db } = this.started;
    const first = Number(db.prepare('SELECT min(seq) AS first FROM entries').get()?.first ?? 0);
    return first > 0 && first <= prunedThrough(db);
  }

  /** What is due beside appending. @throws what failed; it is tried again the next time */
  maintain(): void {
    this.space.look();
    this.commits.demandFile();
    if (this.signer.uncovered >= this.options.checkpoint.records) this.checkpoint();
    this.signer.catchUp();
  }

  /** Covers what is not covered and gives the file back, whole: without a write-ahead log. */
  close(): void {
    this.closing = true;
    try {
      if (this.signer.uncovered > 0) this.checkpoint();
      this.signer.catchUp();
      this.started.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch (error) {
      this.listener.problem(error);
    } finally {
      release(this.started);
    }
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
}

function release({ db, lock }: StartedTrail): void {
  db.close();
  lock[Symbol.dispose]();
}
