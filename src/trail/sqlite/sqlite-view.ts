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
import { TrailReader } from './reader/trail-reader.js';
import { trailErrorOf } from './sqlite.js';
import { ReaderThread } from './trail-threads.js';

/** Reads a file of SQLite by a thread of its own, which cannot write to it. */
export class SqliteView implements TrailView {
  private readonly thread: ReaderThread;

  constructor(private readonly file: string) {
    this.thread = new ReaderThread({ file });
  }

  async query(query: TrailQuery, held?: readonly FilterSpec[]): Promise<TrailPage> {
    return this.thread.call('query', { query: { ...resolveQuery(query) }, held });
  }

  holds(): Promise<Hold[]> {
    return this.thread.call('holds', undefined);
  }

  summary(): Promise<TrailSummary> {
    return this.thread.call('summary', undefined);
  }

  positionAfter(position: StreamPosition): Promise<TrailPosition | undefined> {
    return this.thread.call('positionAfter', position);
  }

  countSince(seq: number): Promise<number> {
    return this.thread.call('countSince', seq);
  }

  lastCheckpoint(): Promise<StoredCheckpoint | undefined> {
    return this.thread.call('lastCheckpoint', undefined);
  }

  prunable(bounds: PruneBounds): Promise<PrunableStretch> {
    return this.thread.call('prunable', bounds);
  }

  /** Read in the thread of the caller: copied between threads, all of a trail would cost more than it takes to read it. */
  async evidence(): Promise<EvidenceSnapshot> {
    let reader: TrailReader | undefined;
    try {
      reader = TrailReader.open(this.file);
      const { last, prunedThrough } = reader.summary();
      const dispose = reader;
      return {
        ...reader.evidence(),
        last,
        prunedThrough,
        [Symbol.asyncDispose]: async () => dispose[Symbol.dispose](),
      };
    } catch (error) {
      reader?.[Symbol.dispose]();
      throw trailErrorOf(error, this.file);
    }
  }

  tail(after: number, signal: AbortSignal): AsyncIterable<TrailEntry> {
    return tailByPages(this, after, signal);
  }

  close(): Promise<void> {
    return this.thread.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
