import { type LogRecord } from '../record/log-record.js';
import { recordBytes } from './record-bytes.js';

export interface HistoryBounds {
  readonly records: number;
  readonly bytes: number;
}

/**
 * The most recent records, bounded by number and by bytes. It is the queue of every watcher: whoever has not
 * read yet reads from here, at a position of its own, and nobody has a queue of his own.
 */
export class History {
  private readonly ring: (LogRecord | undefined)[] = [];
  private readonly sizes: number[] = [];
  /** Which are audit records. Not asked of a record that is evicted, which has not been in the cache for long. */
  private readonly audits: boolean[] = [];
  private oldest = 1;
  private next = 1;
  private used = 0;
  private lastEvictedAudit = 0;

  constructor(readonly bounds: HistoryBounds) {}

  /** Position of the oldest record that is still here; equal to {@link end} when there is none. */
  get start(): number {
    return this.oldest;
  }

  /** Position that the next record will get. */
  get end(): number {
    return this.next;
  }

  get length(): number {
    return this.next - this.oldest;
  }

  /** Estimated memory of the kept records. */
  get bytes(): number {
    return this.used;
  }

  /** Whether audit records at or after a position were evicted. */
  lostAudit(from: number): boolean {
    return this.lastEvictedAudit >= from;
  }

  /** @returns `undefined` when the record is no longer, or not yet, here */
  at(seq: number): LogRecord | undefined {
    return seq >= this.oldest && seq < this.next ? this.ring[seq % this.bounds.records] : undefined;
  }

  /** Estimated memory of one kept record. */
  bytesAt(seq: number): number {
    return this.at(seq) ? this.sizes[seq % this.bounds.records]! : 0;
  }

  /** The kept records in order, oldest first. */
  *[Symbol.iterator](): Generator<LogRecord> {
    for (let seq = this.oldest; seq < this.next; seq++) yield this.at(seq)!;
  }

  /** @param record whose `seq` must be {@link end} */
  push(record: LogRecord): void {
    const slot = record.seq % this.bounds.records;
    if (this.length === this.bounds.records) this.evict();
    const size = recordBytes(record);
    this.ring[slot] = record;
    this.sizes[slot] = size;
    this.audits[slot] = record.category === 'audit';
    this.used += size;
    this.next = record.seq + 1;
    // The newest always stays: a single record is bounded by RECORD_LIMITS.
    while (this.used > this.bounds.bytes && this.length > 1) this.evict();
  }

  clear(): void {
    while (this.length > 0) this.evict();
  }

  private evict(): void {
    const slot = this.oldest % this.bounds.records;
    this.used -= this.sizes[slot]!;
    if (this.audits[slot]) this.lastEvictedAudit = this.oldest;
    this.ring[slot] = undefined;
    this.oldest += 1;
  }
}
