import { existsSync } from 'node:fs';
import { type DatabaseSync } from 'node:sqlite';
import { type FilterSpec } from '../../../wire/filter/filter-spec.js';
import { FIRST_START, parseStart, type StartState } from '../../evidence/start-state.js';
import { type TrailEvidence } from '../../evidence/verify/verify-trail.js';
import { schemaDifference } from '../schema-check.js';
import { openForReading, pragma, requireSchema } from '../connection.js';
import { activeHolds } from '../active-holds.js';
import { type PrunableStretch, type PruneBounds } from '../../store/pruned.js';
import { type Hold } from '../../store/hold.js';
import { type StoredCheckpoint, type TrailPosition, type TrailSummary } from '../../store/trail-view.js';
import { SqliteLookupCheck } from '../verify/sqlite-lookup-check.js';
import { readMeta } from '../meta.js';
import { lastPruned, prunable, prunedThrough, type PrunedData } from '../writer/pruning.js';
import { readHeldPage } from './read-held-page.js';
import { PAGE_EFFORT, readPage, type PageEffort } from './read-page.js';
import { cannotOpen } from '../../store/store.messages.js';
import { type StoredEntry } from '../../store/trail-entry.js';
import { TrailError } from '../../store/trail-error.js';
import { resolveQuery, type TrailPage, type TrailQuery } from '../../store/trail-query.js';

/** Reads a trail, while it is written to or not; synchronous. Also for the command line, in a process of its own. */
export class TrailReader implements Disposable {
  private schemaVersion: unknown;

  private constructor(
    private readonly db: DatabaseSync,
    private readonly file: string,
    private readonly effort: PageEffort,
  ) {}

  /**
   * @param effort how far one page of a query may be looked for
   * @throws TrailError `unsupported`, `not_a_trail`, `io`
   */
  static open(file: string, effort = PAGE_EFFORT): TrailReader {
    const reader = TrailReader.openUnchecked(file, effort);
    try {
      reader.requireSchema();
      return reader;
    } catch (error) {
      reader[Symbol.dispose]();
      throw error;
    }
  }

  /** Whatever the file declares: for who says so himself, see {@link schemaDifference}. */
  static openUnchecked(file: string, effort = PAGE_EFFORT): TrailReader {
    if (!existsSync(file)) throw new TrailError('io', cannotOpen(file, 'no such file'));
    return new TrailReader(openForReading(file), file, effort);
  }

  /** What the file declares and no trail does; `undefined` when there is nothing. */
  schemaDifference(of: 'reading' | 'writing'): string | undefined {
    return schemaDifference(this.db, of);
  }

  /**
   * @param held filters all of which must let a record pass, for somebody who must learn of no others
   * @throws TrailError `invalid_query`
   */
  query(query?: TrailQuery, held?: readonly FilterSpec[]): TrailPage {
    this.requireSchema();
    const trail = { floor: prunedThrough(this.db), head: this.last };
    const resolved = resolveQuery(query);
    return held
      ? readHeldPage(this.db, resolved, held, trail, this.effort.heldPositions)
      : readPage(this.db, resolved, trail, this.effort);
  }

  /** Everything stored, in order, with the text that was hashed; in constant memory. */
  rows(after = 0): Generator<StoredEntry, void, undefined> {
    return this.read<StoredEntry>('payload', after);
  }

  /** Every signed checkpoint, in the order in which they were made. */
  *checkpoints(): Generator<StoredCheckpoint, void, undefined> {
    const rows: Iterable<unknown> = this.db
      .prepare('SELECT size, note FROM checkpoints ORDER BY number')
      .iterate();
    yield* rows as Iterable<StoredCheckpoint>;
  }

  /**
   * Everything for `verifyTrail`, as it is now: what is appended meanwhile does not show. Until the reader is disposed
   * of, the write-ahead log of a trail that is written to cannot be cut back.
   */
  evidence(): TrailEvidence {
    this.db.exec('BEGIN');
    const first = readMeta(this.db, 'first_verifier');
    const signer = readMeta(this.db, 'verifier');
    return {
      trail: readMeta(this.db, 'trail') ?? '',
      keys: first === undefined ? [] : [first],
      ...(signer !== undefined && { signer }),
      start: startOf(lastPruned(this.db)),
      // As bytes: SQLite gives bytes that are no UTF-8 as the same text as others.
      entries: this.read('CAST(payload AS BLOB)', 0),
      checkpoints: this.notes(),
      lookups: new SqliteLookupCheck(this.db, prunedThrough(this.db)),
    };
  }

  /** The newest signed checkpoint. */
  lastCheckpoint(): StoredCheckpoint | undefined {
    const row: unknown = this.db
      .prepare('SELECT size, note FROM checkpoints ORDER BY number DESC LIMIT 1')
      .get();
    return row as StoredCheckpoint | undefined;
  }

  /** What a prune would delete, of what is signed already; `through` is before `from` when that is nothing. */
  prunable(bounds: PruneBounds): PrunableStretch {
    return prunable(this.db, bounds);
  }

  holds(): Hold[] {
    return activeHolds(this.db);
  }

  summary(): TrailSummary {
    const through = prunedThrough(this.db);
    const last = this.last;
    return {
      trail: readMeta(this.db, 'trail') ?? '',
      firstVerifier: readMeta(this.db, 'first_verifier'),
      verifier: readMeta(this.db, 'verifier'),
      first: last === 0 ? 0 : through + 1,
      last,
      bytes: Number(pragma(this.db, 'page_count')) * Number(pragma(this.db, 'page_size')),
      prunedThrough: through,
    };
  }

  /** Entries behind a position. */
  countSince(seq: number): number {
    return Math.max(0, this.last - Math.max(seq, prunedThrough(this.db)));
  }

  /** @returns `undefined` when the trail does not know the stream */
  positionAfter(epoch: string, streamSeq: number): TrailPosition | undefined {
    const known = this.db.prepare('SELECT number, pruned FROM epochs WHERE epoch = ?').get(epoch);
    if (!known) return undefined;
    const later = this.db
      .prepare('SELECT min(after_seq) AS seq, max(pruned) AS pruned FROM epochs WHERE number > ?')
      .get(Number(known.number))!;
    const first = this.db
      .prepare('SELECT min(seq) AS seq FROM entries WHERE epoch IS NOT NULL AND epoch = ? AND stream_seq > ?')
      .get(epoch, streamSeq)?.seq;
    // What came through the spool may stand behind the beginning of the next stream.
    const seq = Math.min(
      first == null ? Number.POSITIVE_INFINITY : Number(first) - 1,
      later.seq == null ? this.last : Number(later.seq),
    );
    return { seq, complete: Number(known.pruned) <= streamSeq && Number(later.pruned ?? 0) === 0 };
  }

  [Symbol.dispose](): void {
    this.db.close();
  }

  /** Once, and again whenever somebody has changed what the file declares. */
  private requireSchema(): void {
    const version = pragma(this.db, 'schema_version');
    if (version === this.schemaVersion) return;
    requireSchema(this.db, this.file, 'reading');
    this.schemaVersion = version;
  }

  private *read<T>(payload: string, after: number): Generator<T, void, undefined> {
    const rows: Iterable<unknown> = this.db
      .prepare(`SELECT seq, ${payload} AS payload, chain FROM entries WHERE seq > ? ORDER BY seq`)
      .iterate(Math.max(after, prunedThrough(this.db)));
    yield* rows as Iterable<T>;
  }

  private *notes(): Generator<string, void, undefined> {
    for (const { note } of this.checkpoints()) yield note;
  }

  private get last(): number {
    return Number(this.db.prepare('SELECT max(seq) AS last FROM entries').get()?.last ?? 0);
  }
}

/** What is no state counts as none: the verifier then says what is missing at the start. */
function startOf(pruned: PrunedData | undefined): StartState {
  return (pruned && parseStart(pruned)) ?? FIRST_START;
}
