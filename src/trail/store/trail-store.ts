import { hostname } from 'node:os';
import { UuidV7 } from '../../record/record-id.js';
import { type ResolvedTrailOptions } from '../../options/trail-options.js';
import { type FilterSpec } from '../../wire/filter/filter-spec.js';
import { AppendQueue } from './append-queue.js';
import { type WrittenCheckpoint } from './signing/checkpoint-writer.js';
import { draftOf, type DraftEntry } from './draft-entry.js';
import { Fallback } from './spool/fallback.js';
import { type KeptEntry } from './kept-entry.js';
import { Listeners } from './listeners.js';
import { type OpenIntent } from '../sqlite/writer/open-intents.js';
import { pruneBounds, type PruneRequest } from './prune-request.js';
import { type PruneResult } from '../sqlite/writer/pruning.js';
import { Spool } from './spool/spool.js';
import { requireSqlite } from '../sqlite/sqlite.js';
import { StoreHealth } from './store-health.js';
import { cannotOpen, closed } from './store.messages.js';
import { type NewEntry, type TrailEntry, type TrailReceipt } from './trail-entry.js';
import { TrailError } from './trail-error.js';
import { TrailHolds } from './trail-holds.js';
import { LARGEST_PAGE, resolveQuery, type TrailPage, type TrailQuery } from './trail-query.js';
import { type TrailPosition, type TrailSummary } from '../sqlite/reader/trail-reader.js';
import { type TrailKey, type TrailStatus } from './trail-status.js';
import { ReaderThread, startWriter } from './trail-threads.js';
import { type WorkerCalls } from './worker-calls.js';
import { type OpenedTrail, type WriterEvent, type WriterMethods } from '../sqlite/writer/writer-methods.js';

/** The durable audit trail of one file: one writer, and a reader beside it, each in a thread of its own. */
export class TrailStore {
  readonly holds: TrailHolds;
  private readonly ids = new UuidV7();
  private readonly queue: AppendQueue;
  private readonly reader: ReaderThread;
  private readonly fallback: Fallback;
  private verifier: string;
  private ending: Promise<void> | undefined;

  private constructor(
    private readonly options: ResolvedTrailOptions,
    private readonly writer: WorkerCalls<WriterMethods, WriterEvent>,
    private readonly health: StoreHealth,
    private readonly opened: OpenedTrail,
    private readonly spool: Spool,
    instance: string,
  ) {
    const { file, queue } = options;
    const { ids } = this;
    this.verifier = opened.verifier;
    this.reader = new ReaderThread({ file });
    this.queue = new AppendQueue((batch) => this.commit(batch), queue);
    this.fallback = new Fallback(spool, {
      append: (draft) => this.queue.append(draft, true),
      gapDraft: (gap) => draftOf({ kind: 'gap', stream: null, instance, data: { ...gap } }, ids),
      get mayWork() {
        return health.final === undefined;
      },
    });
    this.holds = new TrailHolds({
      instance,
      append: (entry) => this.append(entry),
      activeHolds: () => this.reader.call('holds', undefined),
      newId: () => ids.next(),
    });
  }

  /**
   * Opens the trail, makes it when it is not there, and brings back what the spool of the run before holds.
   *
   * @param instance name of this process in entries that the store itself makes
   * @throws TrailError as a rejection, with a sentence that says what to change
   */
  static async open(
    options: ResolvedTrailOptions,
    instance = `${hostname()}:${process.pid}`,
  ): Promise<TrailStore> {
    requireSqlite();
    const { file, anchors } = options;
    const health = new StoreHealth(file);
    const anchorFile = typeof anchors === 'string' ? anchors : undefined;
    if (typeof anchors !== 'string') anchorWith(anchors, health);
    const writer = startWriter(
      { options: { ...options, anchors: anchorFile }, instance },
      (event) => health.heard(event),
      (reason) => health.ended(reason),
    );
    try {
      const opened = await writer.call('open', undefined);
      health.startWith(opened.last, opened.checkpoint);
      const spool = await openSpool(options);
      const store = new TrailStore(options, writer, health, opened, spool, instance);
      await store.fallback.recover();
      return store;
    } catch (error) {
      health.closing = true;
      await writer.terminate();
      throw error;
    }
  }

  /** Id of the trail. */
  get trail(): string {
    return this.opened.trail;
  }

  get file(): string {
    return this.options.file;
  }

  /** The file that checkpoints are appended to, when they go to a file. */
  get anchorFile(): string | undefined {
    const { anchors } = this.options;
    return typeof anchors === 'string' ? anchors : undefined;
  }

  get key(): TrailKey {
    const { keyPath: path, keyCreated: created } = this.opened;
    return { verifier: this.verifier, path, created };
  }

  get status(): TrailStatus {
    const { state, problem, checkpointProblem, last, committed, commits, checkpoint, lowSpace } = this.health;
    return {
      state,
      problem: problem && { code: problem.code, message: problem.message },
      checkpointProblem,
      last,
      committed,
      commits,
      queued: this.queue.size,
      spooled: this.spool.entries,
      spoolBytes: this.spool.bytes,
      lost: this.fallback.losses.total,
      checkpoint,
      lowSpace,
    };
  }

  /**
   * Gets the status whenever its state, a problem or `lowSpace` changes.
   *
   * @returns takes the listener away again
   */
  onStatus(listener: (status: TrailStatus) => unknown): () => void {
    return this.health.changes.add(() => listener(this.status));
  }

  /** Gets every checkpoint that is made from now on. @returns takes the listener away again */
  onCheckpoint(listener: (checkpoint: WrittenCheckpoint) => unknown): () => void {
    return this.health.checkpoints.add(listener);
  }

  /**
   * Resolves when the entry is committed; rejects when it is not.
   *
   * @throws TrailError as a rejection; {@link TrailError.final} says whether it is any use to try again
   */
  async append(entry: NewEntry): Promise<TrailReceipt> {
    const { final } = this.health;
    if (final) throw final;
    if (this.ending) throw new TrailError('closed', closed(this.file));
    return this.queue.append(draftOf(entry, this.ids));
  }

  /** Keeps the entry wherever it can: in the trail, else in the spool, else as one more of a count. Never rejects. */
  async keep(entry: NewEntry): Promise<KeptEntry> {
    let draft: DraftEntry;
    try {
      draft = draftOf(entry, this.ids);
    } catch {
      this.fallback.lose('invalid_entry');
      return { kept: 'counted', id: undefined };
    }
    const { id } = draft;
    if (this.takesAtOnce) {
      try {
        return { kept: 'trail', id, receipt: await this.queue.append(draft) };
      } catch (error) {
        if (error instanceof TrailError && error.code === 'invalid_entry') {
          this.fallback.lose('invalid_entry');
          return { kept: 'counted', id };
        }
      }
    }
    return { kept: (await this.fallback.keep(draft)) ? 'spool' : 'counted', id };
  }

  /** Resolves when everything appended before was committed or has failed. */
  settled(): Promise<void> {
    return this.queue.settled();
  }

  /**
   * Resolves when everything that was kept before is in the trail, also by way of the spool; with false when the trail
   * does not take it now.
   */
  async caughtUp(): Promise<boolean> {
    await this.settled();
    return this.fallback.isEmpty || this.fallback.recover();
  }

  /** Says that a stream begins whose records will come: {@link positionAfter} then knows it. */
  beginEpoch(epoch: string): Promise<void> {
    return this.writer.call('beginEpoch', epoch);
  }

  /** Calls that the run before announced, and of which no entry says how they ended. */
  async openIntents(): Promise<OpenIntent[]> {
    await this.settled();
    const open = await this.writer.call('openIntents', undefined);
    return open.filter(({ id }) => !this.spool.answered.has(id));
  }

  /** Signs what is committed, unless that was done. @returns the signed note */
  async checkpoint(): Promise<string> {
    await this.settled();
    const { note } = await this.writer.call('checkpoint', undefined);
    return note;
  }

  /**
   * Changes the key that signs. Both keys sign that they do.
   *
   * @param pem the next key (Ed25519, PKCS#8); made when it is absent and the key lies in a file of the trail
   * @returns its verifier key
   */
  async rotateKey(pem?: string): Promise<string> {
    this.verifier = await this.writer.call('rotateKey', pem);
    return this.verifier;
  }

  /** Deletes from the beginning of the trail, provably; commits go on meanwhile. */
  async prune(request: PruneRequest): Promise<PruneResult> {
    await this.settled();
    return this.writer.call('prune', pruneBounds(request));
  }

  /**
   * One page of entries.
   *
   * @param held filters all of which must let a record pass, for somebody who must learn of no others
   */
  async query(query: TrailQuery = {}, held?: readonly FilterSpec[]): Promise<TrailPage> {
    return this.reader.call('query', { query: { ...resolveQuery(query) }, held });
  }

  /** All entries of a query, read page by page; its `limit` is the size of a page. */
  async *entries(query: TrailQuery = {}): AsyncGenerator<TrailEntry, void, undefined> {
    const cursor = query.order === 'desc' ? 'before' : 'after';
    let page = await this.query({ limit: LARGEST_PAGE, ...query });
    yield* page.entries;
    while (page.next !== undefined) {
      page = await this.query({ limit: LARGEST_PAGE, ...query, [cursor]: page.next });
      yield* page.entries;
    }
  }

  /** @returns `undefined` when the trail does not know the stream */
  positionAfter(epoch: string, streamSeq: number): Promise<TrailPosition | undefined> {
    return this.reader.call('positionAfter', { epoch, seq: streamSeq });
  }

  /** Entries behind a position. */
  countSince(seq: number): Promise<number> {
    return this.reader.call('countSince', seq);
  }

  summary(): Promise<TrailSummary> {
    return this.reader.call('summary', undefined);
  }

  /** Commits what waits, signs it, and gives the file back. Later entries are refused. Never rejects. */
  close(): Promise<void> {
    this.ending ??= this.end();
    return this.ending;
  }

  private get takesAtOnce(): boolean {
    return !this.health.final && !this.ending && !this.queue.isFull && this.fallback.isEmpty;
  }

  private async commit(batch: string): ReturnType<ConstructorParameters<typeof AppendQueue>[0]> {
    try {
      const answer = await this.writer.call('append', batch);
      this.health.appended(answer);
      this.fallback.trailWorks();
      return answer;
    } catch (error) {
      this.health.appendFailed(error);
      throw error;
    }
  }

  private async end(): Promise<void> {
    await this.queue.settled();
    await this.fallback.close();
    await this.reader.close();
    this.health.closing = true;
    await this.writer.call('close', undefined).catch(() => undefined);
    await this.writer.untilEnded();
  }
}

async function openSpool({ spoolFile, spoolBytes }: ResolvedTrailOptions): Promise<Spool> {
  try {
    return await Spool.open(spoolFile, spoolBytes);
  } catch (error) {
    throw new TrailError('io', cannotOpen(spoolFile, error), { cause: error });
  }
}

/** By listeners of its own, so that its first failure is told whatever else has failed. */
function anchorWith(anchor: (note: string) => unknown, { checkpoints }: StoreHealth): void {
  const anchors = new Listeners<string>();
  anchors.add(anchor);
  checkpoints.add(({ note }) => anchors.tell(note));
}
