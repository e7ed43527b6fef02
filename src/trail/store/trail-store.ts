import { UuidV7 } from '../../record/record-id.js';
import { type ResolvedTrailOptions } from '../../options/trail-options.js';
import { type FilterSpec } from '../../wire/filter/filter-spec.js';
import { AppendQueue } from './append-queue.js';
import { type WrittenCheckpoint } from './written-checkpoint.js';
import { type OpenIntent } from './open-intent.js';
import { type PruneResult } from './pruned.js';
import { type TrailPosition, type TrailSummary, type TrailView } from './trail-view.js';
import {
  type OpenedTrail,
  type TrailBackend,
  type VerifyRequest,
  type VerifyRun,
  type WritableTrail,
} from './trail-backend.js';
import { draftOf, type DraftEntry } from './draft-entry.js';
import { Fallback } from './spool/fallback.js';
import { type KeptEntry } from '../../record/kept-entry.js';
import { Listeners } from './listeners.js';
import { pruneBounds, type PruneRequest } from './prune-request.js';
import { Spool } from './spool/spool.js';
import { StoreHealth } from './store-health.js';
import { cannotOpen, closed } from './store.messages.js';
import { type NewEntry, type TrailEntry } from './trail-entry.js';
import { type TrailReceipt } from '../../record/kept-entry.js';
import { TrailError } from './trail-error.js';
import { TrailHolds } from './trail-holds.js';
import { LARGEST_PAGE, type TrailPage, type TrailQuery } from './trail-query.js';
import { type TrailKey, type TrailStatus } from './trail-status.js';
import { type TrailReport } from '../evidence/verify/trail-report.js';

/** What the store itself needs of the options. */
type StoreOptions = Pick<ResolvedTrailOptions, 'anchors' | 'queue' | 'spoolFile' | 'spoolBytes'>;

/** The durable audit trail: a backend that stores it, a view that reads it, and what waits while the backend cannot. */
export class TrailStore {
  readonly holds: TrailHolds;
  private readonly ids = new UuidV7();
  private readonly queue: AppendQueue;
  private readonly view: TrailView;
  private readonly fallback: Fallback;
  private verifier: string;
  private ending: Promise<void> | undefined;

  private constructor(
    private readonly place: WritableTrail,
    private readonly options: StoreOptions,
    private readonly backend: TrailBackend,
    private readonly health: StoreHealth,
    private readonly opened: OpenedTrail,
    private readonly spool: Spool,
    instance: string,
  ) {
    const { queue } = options;
    const { ids } = this;
    this.verifier = opened.verifier;
    this.view = place.view();
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
      activeHolds: () => this.view.holds(),
      newId: () => ids.next(),
    });
  }

  /**
   * Opens the trail, makes it when it is not there, and brings back what the spool of the run before holds.
   *
   * @param place where it is kept
   * @param instance name of this process in entries that the store itself makes
   * @throws TrailError as a rejection, with a sentence that says what to change
   */
  static async open(place: WritableTrail, options: StoreOptions, instance: string): Promise<TrailStore> {
    const { anchors } = options;
    const health = new StoreHealth();
    if (typeof anchors !== 'string') anchorWith(anchors, health);
    const backend = place.connect(health.listener);
    try {
      const opened = await backend.open();
      health.startWith(opened.last, opened.checkpoint);
      const spool = await openSpool(options);
      const store = new TrailStore(place, options, backend, health, opened, spool, instance);
      await store.fallback.recover();
      return store;
    } catch (error) {
      await backend.terminate();
      throw error;
    }
  }

  /** Id of the trail. */
  get trail(): string {
    return this.opened.trail;
  }

  /** Where it is kept, as people know it. */
  get name(): string {
    return this.place.name;
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
    if (this.ending) throw new TrailError('closed', closed(this.name));
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
    return this.backend.beginEpoch(epoch);
  }

  /** Calls that the run before announced, and of which no entry says how they ended. */
  async openIntents(): Promise<OpenIntent[]> {
    await this.settled();
    const open = await this.backend.openIntents();
    return open.filter(({ id }) => !this.spool.answered.has(id));
  }

  /** Signs what is committed, unless that was done. @returns the signed note */
  async checkpoint(): Promise<string> {
    await this.settled();
    const { note } = await this.backend.checkpoint();
    return note;
  }

  /**
   * Changes the key that signs. Both keys sign that they do.
   *
   * @param pem the next key (Ed25519, PKCS#8); made when it is absent and the key lies in a file of the trail
   * @returns its verifier key
   */
  async rotateKey(pem?: string): Promise<string> {
    this.verifier = await this.backend.rotateKey(pem);
    return this.verifier;
  }

  /** Deletes from the beginning of the trail, provably; commits go on meanwhile. */
  async prune(request: PruneRequest): Promise<PruneResult> {
    await this.settled();
    return this.backend.prune(pruneBounds(request));
  }

  /**
   * One page of entries.
   *
   * @param held filters all of which must let a record pass, for somebody who must learn of no others
   */
  async query(query: TrailQuery = {}, held?: readonly FilterSpec[]): Promise<TrailPage> {
    return this.view.query(query, held);
  }

  /**
   * All entries of a query, read page by page; its `limit` is the size of a page.
   *
   * @throws TrailError `broken` behind a page on which something is not what was stored
   */
  async *entries(query: TrailQuery = {}): AsyncGenerator<TrailEntry, void, undefined> {
    const cursor = query.order === 'desc' ? 'before' : 'after';
    let page = await this.query({ limit: LARGEST_PAGE, ...query });
    yield* undamaged(page);
    while (page.next !== undefined) {
      page = await this.query({ limit: LARGEST_PAGE, ...query, [cursor]: page.next });
      yield* undamaged(page);
    }
  }

  /** @returns `undefined` when the trail does not know the stream */
  positionAfter(epoch: string, streamSeq: number): Promise<TrailPosition | undefined> {
    return this.view.positionAfter({ epoch, seq: streamSeq });
  }

  /** Entries behind a position. */
  countSince(seq: number): Promise<number> {
    return this.view.countSince(seq);
  }

  summary(): Promise<TrailSummary> {
    return this.view.summary();
  }

  /**
   * Verifies what is stored, in a thread of its own.
   *
   * @throws TrailError as a rejection when nothing could be verified
   */
  verify(request: VerifyRequest, run?: VerifyRun): Promise<TrailReport> {
    return this.place.verify(request, run);
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
      const answer = await this.backend.append(batch);
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
    await this.view.close();
    await this.backend.close();
  }
}

async function openSpool({ spoolFile, spoolBytes }: StoreOptions): Promise<Spool> {
  try {
    return await Spool.open(spoolFile, spoolBytes);
  } catch (error) {
    throw new TrailError('io', cannotOpen(spoolFile, error), { cause: error });
  }
}

/** Who reads entry by entry must not take a trail for whole of which some cannot be shown. */
function* undamaged({ entries, damaged }: TrailPage): Generator<TrailEntry, void, undefined> {
  yield* entries;
  if (damaged?.[0]) throw new TrailError('broken', damaged[0].problem);
}

/** By listeners of its own, so that its first failure is told whatever else has failed. */
function anchorWith(anchor: (note: string) => unknown, { checkpoints }: StoreHealth): void {
  const anchors = new Listeners<string>();
  anchors.add(anchor);
  checkpoints.add(({ note }) => anchors.tell(note));
}
