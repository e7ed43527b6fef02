import { type ResolvedTrailOptions } from '../../options/trail-options.js';
import { HASH_BYTES } from '../evidence/hashes.js';
import { type AppendedBatch, type RefusedEntry } from '../store/appended-batch.js';
import { type OpenIntent } from '../store/open-intent.js';
import { type PruneBounds, type PruneResult } from '../store/pruned.js';
import { invalidEntry, sameIdOtherContent } from '../store/store.messages.js';
import { type BackendListener, type OpenedTrail, type TrailBackend } from '../store/trail-backend.js';
import { type NewEntry, type TrailEntry } from '../store/trail-entry.js';
import { TrailError } from '../store/trail-error.js';
import { type WrittenCheckpoint } from '../store/written-checkpoint.js';
import { type Connections } from './connect.js';
import { placedDraft, type PlacedDraft } from './placed-draft.js';
import { PostgresSigner } from './postgres-signer.js';
import { closedTrail } from './postgres.messages.js';
import { Pruning } from './pruning.js';
import { startTrail } from './start-trail.js';

/** How often a process says that it lives, in ms; and after how long, in s, it is taken for dead that does not. */
const BEAT_MS = 10_000;
const SILENT_S = 60;

/** Entries that one statement deletes: some ten milliseconds, which appends wait at most. */
const PRUNE_STEP = 500;

/** One of any number of writers of a trail in PostgreSQL; the server gives the places. */
export class PostgresBackend implements TrailBackend {
  private readonly pruning: Pruning;
  private signer!: PostgresSigner;
  /** The last entry that this process knows of, and that was there when it started. */
  private head = 0;
  private headAtStart = 0;
  private beat: NodeJS.Timeout | undefined;
  private due: NodeJS.Timeout | undefined;
  private isClosing = false;
  private isDueNow = false;
  private isTroubled = false;

  constructor(
    private readonly connections: Connections,
    private readonly options: ResolvedTrailOptions,
    private readonly instance: string,
    private readonly listener: BackendListener,
  ) {
    this.pruning = new Pruning((sql, values) => connections.query(sql, values), connections.schema);
  }

  async open(): Promise<OpenedTrail> {
    const started = await startTrail(this.connections, this.options, this.instance);
    const { head, keys, trail } = started;
    this.head = head.size;
    this.headAtStart = head.size;
    this.signer = new PostgresSigner(this.connections, started, (made) => this.listener.checkpoint(made));
    await this.signer.start();
    await this.seen();
    this.beat = setInterval(() => void this.seen().catch(() => undefined), BEAT_MS).unref();
    if (this.signer.signs && (await this.hasToFinishPruning()))
      this.finishPruning().catch((error: unknown) => this.problem(error));
    this.look();
    return {
      trail,
      verifier: this.signer.verifier,
      keyCreated: keys?.created ?? false,
      keyPath: keys?.path,
      last: head.size,
      checkpoint: this.signer.last,
    };
  }

  async append(batch: string): Promise<AppendedBatch> {
    const drafts = JSON.parse(batch) as NewEntry[];
    const refused: RefusedEntry[] = [];
    const placed = drafts
      .map((draft, index) => placedOr(draft, index, refused))
      .filter((one) => one !== undefined);
    const rows =
      placed.length === 0
        ? []
        : await this.connections.query(`SELECT * FROM ${this.connections.schema}.append($1::json)`, [
            JSON.stringify(placed),
          ]);
    const seqs = Array.from({ length: drafts.length }, () => 0);
    const chains = new Uint8Array(drafts.length * HASH_BYTES);
    for (const { place, placed: seq, linked, problem } of rows) {
      const index = Number(place);
      if (problem != null) {
        const message = invalidEntry(sameIdOtherContent(String(problem)));
        refused.push({ index, code: 'invalid_entry', message });
        continue;
      }
      seqs[index] = Number(seq);
      chains.set(linked as Buffer, index * HASH_BYTES);
      this.head = Math.max(this.head, Number(seq));
    }
    this.look();
    return { seqs, chains, refused };
  }

  async beginEpoch(epoch: string): Promise<void> {
    await this.connections.query(`SELECT ${this.connections.schema}.begin_epoch($1)`, [epoch]);
  }

  /** Those of the runs before of this process's name, and of processes that have not been heard of for long. */
  async openIntents(): Promise<OpenIntent[]> {
    const { schema: s } = this.connections;
    const rows = await this.connections.query(
      `SELECT payload FROM ${s}.entries AS i WHERE kind <> 'record' AND kind = 'intent'
         AND NOT EXISTS (SELECT FROM ${s}.entries AS o WHERE o.intent = i.id) ORDER BY seq`,
    );
    const alive = await this.connections.query(
      `SELECT instance FROM ${s}.runs WHERE seen > clock_timestamp() - make_interval(secs => ${SILENT_S})`,
    );
    const living = new Set(alive.map(({ instance }) => instance));
    return rows
      .map(({ payload }) => JSON.parse(String(payload)) as TrailEntry)
      .filter(({ seq, instance }) =>
        instance === this.instance ? seq <= this.headAtStart : !living.has(instance),
      )
      .map(({ seq, instance, data }) => ({ id: String(data.id), seq, instance, data }));
  }

  checkpoint(): Promise<WrittenCheckpoint> {
    return this.signer.checkpoint();
  }

  rotateKey(pem: string | undefined): Promise<string> {
    return this.signer.rotateKey(pem);
  }

  async prune(bounds: PruneBounds): Promise<PruneResult> {
    await this.checkpoint();
    const stretch = await this.pruning.prunable(bounds);
    const { from, through, heldBy } = stretch;
    if (through < from) return { count: 0, heldBy };
    // Two that prune at once begin at the same entry: the id lets the server store what the first of them says.
    const id = `pruned:${from}`;
    const entry = this.signer.entry('pruned', { ...(await this.pruning.data(stretch, bounds)), id });
    const { refused } = await this.append(JSON.stringify([entry]));
    if (refused.length > 0) return { count: 0, heldBy };
    await this.finishPruning();
    return { count: through - from + 1, from, through, heldBy };
  }

  async close(): Promise<void> {
    this.stop();
    try {
      if (this.signer?.signs && (this.signer.last?.size ?? 0) < this.head) await this.checkpoint();
    } catch (error) {
      this.problem(error);
    }
    await this.connections.close();
    this.end();
  }

  async terminate(): Promise<void> {
    this.stop();
    await this.connections.terminate();
    this.end();
  }

  private stop(): void {
    this.isClosing = true;
    clearInterval(this.beat);
    clearTimeout(this.due);
  }

  private end(): void {
    this.listener.ended(new TrailError('closed', closedTrail(this.connections.name)));
  }

  private async seen(): Promise<void> {
    await this.connections.query(`SELECT ${this.connections.schema}.seen($1)`, [this.instance]);
  }

  /** Signs soon, or at once when enough has come: nobody who waits for a commit waits for a signature. */
  private look(): void {
    if (!this.signer.signs || this.isClosing) return;
    const { records, everyMs } = this.options.checkpoint;
    const uncovered = this.head - (this.signer.last?.size ?? 0);
    if (uncovered >= records && !this.isDueNow) {
      this.isDueNow = true;
      clearTimeout(this.due);
      this.due = setTimeout(() => void this.sign(), 0);
    } else if (uncovered > 0) this.due ??= setTimeout(() => void this.sign(), everyMs).unref();
  }

  private async sign(): Promise<void> {
    this.due = undefined;
    this.isDueNow = false;
    try {
      await this.checkpoint();
      if (this.isTroubled) this.listener.upkeep(undefined);
      this.isTroubled = false;
    } catch (error) {
      this.problem(error);
      if (!this.isClosing)
        this.due ??= setTimeout(() => void this.sign(), this.options.checkpoint.everyMs).unref();
    }
  }

  private problem(error: unknown): void {
    if (this.isClosing && error instanceof TrailError && error.code === 'closed') return;
    this.isTroubled = true;
    const { code, message } = error instanceof TrailError ? error : new TrailError('io', String(error));
    this.listener.upkeep({ code, message });
  }

  private async hasToFinishPruning(): Promise<boolean> {
    const [row] = await this.connections.query(
      `SELECT min(seq) AS first FROM ${this.connections.schema}.entries`,
    );
    return row?.first != null && Number(row.first) <= (await this.pruning.through());
  }

  /** Deletes what is pruned, also where a run before did not come to its end. */
  private async finishPruning(): Promise<void> {
    await this.checkpoint();
    const through = await this.pruning.through();
    if (through === 0) return;
    for (let step = 1; !this.isClosing; step += 1) {
      const [row] = await this.connections.query(
        `SELECT ${this.connections.schema}.prune_step($1, ${PRUNE_STEP}) AS more`,
        [through],
      );
      this.listener.pruning(step);
      if (row!.more !== true) return;
    }
  }
}

function placedOr(draft: NewEntry, index: number, refused: RefusedEntry[]): PlacedDraft | undefined {
  try {
    return placedDraft(draft, index);
  } catch (error) {
    if (!(error instanceof TrailError)) throw error;
    refused.push({ index, code: error.code, message: error.message });
    return undefined;
  }
}
