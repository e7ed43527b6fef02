import { type FilterSpec } from '../../wire/filter/filter-spec.js';
import { type Hold } from '../store/hold.js';
import { type PrunableStretch, type PruneBounds } from '../store/pruned.js';
import { tailByPages } from '../store/tail-by-pages.js';
import { type StreamPosition, type TrailEntry } from '../store/trail-entry.js';
import { resolveQuery, type TrailPage, type TrailQuery } from '../store/trail-query.js';
import {
  type EvidenceSnapshot,
  type StoredCheckpoint,
  type TrailPosition,
  type TrailSummary,
  type TrailView,
} from '../store/trail-view.js';
import { type Connections } from './connect.js';
import { type RunSql } from './pg-pool.js';
import { Pruning } from './pruning.js';
import { readHeldPage, readPage, type TrailSpan } from './read-page.js';
import { openSnapshot } from './snapshot.js';

/** Reads a trail in PostgreSQL, by connections of its own. */
export class PostgresView implements TrailView {
  private readonly pruning: Pruning;
  private readonly schema: string;
  private readonly run: RunSql;

  constructor(private readonly connections: Connections) {
    this.schema = connections.schema;
    this.run = (sql, values) => connections.query(sql, values);
    this.pruning = new Pruning(this.run, this.schema);
  }

  async query(query: TrailQuery, held?: readonly FilterSpec[]): Promise<TrailPage> {
    const resolved = resolveQuery(query);
    const span = await this.span();
    return held
      ? readHeldPage(this.run, this.schema, resolved, held, span)
      : readPage(this.run, this.schema, resolved, span);
  }

  holds(): Promise<Hold[]> {
    return this.pruning.holds();
  }

  async summary(): Promise<TrailSummary> {
    const { schema: s } = this;
    const [row] = await this.run(
      `SELECT (SELECT id FROM ${s}.trail) AS trail, (SELECT coalesce(max(seq), 0) FROM ${s}.entries) AS last,
         (SELECT value FROM ${s}.meta WHERE name = 'first_verifier') AS first_verifier,
         (SELECT value FROM ${s}.meta WHERE name = 'verifier') AS verifier,
         pg_total_relation_size('${s}.entries') AS bytes`,
    );
    const { trail, last, first_verifier: first, verifier, bytes } = row!;
    const prunedThrough = await this.pruning.through();
    return {
      trail: String(trail),
      firstVerifier: first == null ? undefined : String(first),
      verifier: verifier == null ? undefined : String(verifier),
      first: Number(last) === 0 ? 0 : prunedThrough + 1,
      last: Number(last),
      bytes: Number(bytes),
      prunedThrough,
    };
  }

  async positionAfter({ epoch, seq }: StreamPosition): Promise<TrailPosition | undefined> {
    const { schema: s } = this;
    const [row] = await this.run(
      `SELECT known.pruned AS pruned, later.seq AS later, later.pruned AS later_pruned,
         (SELECT min(e.seq) FROM ${s}.entries AS e WHERE e.epoch = $1 AND e.stream_seq > $2) AS first,
         (SELECT coalesce(max(seq), 0) FROM ${s}.entries) AS last
       FROM ${s}.epochs AS known, LATERAL (
         SELECT min(after_seq) AS seq, max(pruned) AS pruned FROM ${s}.epochs WHERE number > known.number
       ) AS later WHERE known.epoch = $1`,
      [epoch, seq],
    );
    if (!row) return undefined;
    const before = row.first == null ? Number.POSITIVE_INFINITY : Number(row.first) - 1;
    return {
      // What came through a spool may stand behind the beginning of the next stream.
      seq: Math.min(before, Number(row.later ?? row.last)),
      complete: Number(row.pruned) <= seq && Number(row.later_pruned ?? 0) === 0,
    };
  }

  async countSince(seq: number): Promise<number> {
    const { floor, head } = await this.span();
    return Math.max(0, head - Math.max(seq, floor));
  }

  async lastCheckpoint(): Promise<StoredCheckpoint | undefined> {
    const [row] = await this.run(
      `SELECT size, note FROM ${this.schema}.checkpoints ORDER BY number DESC LIMIT 1`,
    );
    return row && { size: Number(row.size), note: String(row.note) };
  }

  prunable(bounds: PruneBounds): Promise<PrunableStretch> {
    return this.pruning.prunable(bounds);
  }

  evidence(): Promise<EvidenceSnapshot> {
    return openSnapshot(this.connections);
  }

  tail(after: number, signal: AbortSignal): AsyncIterable<TrailEntry> {
    return tailByPages(this, after, signal);
  }

  close(): Promise<void> {
    return this.connections.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private async span(): Promise<TrailSpan> {
    const [row] = await this.run(`SELECT coalesce(max(seq), 0) AS head FROM ${this.schema}.entries`);
    return { head: Number(row!.head), floor: await this.pruning.through() };
  }
}
