import { type RecordHistory } from '../stream/record-source.js';
import { type Chunk } from './chunk-reader.js';
import { type FanOutTotals } from './fan-out-totals.js';
import { type Gap } from './gap.js';
import { type GapReason } from '../wire/gap-reason.js';
import { type Outlet } from './outlet.js';
import { type WorkQueue } from './work-queue.js';

/** What became of the records that were produced since a client came. */
export interface WatcherCounts {
  delivered: number;
  filtered: number;
  missed: number;
}

/**
 * Where one client is in the stream, and what became of the records before that.
 *
 * Invariant: `delivered + filtered + missed` is the distance that the position has moved by itself.
 */
export class Account {
  readonly counts: WatcherCounts = { delivered: 0, filtered: 0, missed: 0 };
  /** Position of the next record that the client will get. */
  position: number;

  constructor(
    private readonly history: RecordHistory,
    private readonly outlet: Outlet,
    private readonly totals: FanOutTotals,
    private readonly work: WorkQueue,
  ) {
    this.position = history.end;
  }

  /** Writes a chunk that starts at the position. */
  deliver(chunk: Chunk): void {
    this.position = chunk.next;
    this.counts.delivered += chunk.delivered;
    this.totals.delivered += chunk.delivered;
    this.filter(chunk.filtered);
    this.totals.bytes += chunk.bytes.length;
    this.write(chunk.bytes);
  }

  /** Writes what stands for no record of this start of the application. */
  write(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.work.wrote(bytes.length);
    this.outlet.write(bytes);
  }

  /** Counts what the client's filter holds back. */
  filter(records: number): void {
    this.counts.filtered += records;
    this.totals.filtered += records;
  }

  /** @returns false when the client cannot go on behind the gap */
  skipTo(position: number, reason: GapReason): boolean {
    const { position: from, history } = this;
    this.position = position;
    return this.miss({ from, to: position, reason, audit: history.lostAudit(from) });
  }

  /** Tells of a gap. @returns false when the client cannot go on behind it */
  miss(gap: Gap): boolean {
    const { from, to, kept = 0 } = gap;
    this.counts.missed += to - from - kept;
    return this.outlet.missed(gap);
  }
}
