import { type CallerLocation } from '../record/log-call.js';
import { type StoryMark } from '../story/story-mark.js';
import { type LogRecord } from '../record/log-record.js';
import { type RawLine } from '../record/raw-line.js';
import { type RecordHistory } from './record-source.js';
import { ByteRing, type RingBounds } from './ring/byte-ring.js';
import { LineCodec, type LineParts } from './ring/line-codec.js';
import { RecentRecords } from './ring/recent-records.js';
import { RecordCodec } from './ring/record-codec.js';
import { LAYOUT, MARK } from './ring/span-layout.js';

/** Bounds of a history: most records, and most bytes that they may take together. */
export type HistoryBounds = RingBounds;

/**
 * Makes of a line what anybody may be given. Of a line that came out as it was when it was read before, it is known to be
 * harmless: nothing in it has to be looked for again.
 */
export type CompleteLine = (line: RawLine, seq: number, isHarmless: boolean) => LogRecord;

/**
 * The most recent records, bounded by number and by bytes. It is the queue of every watcher: whoever has not
 * read yet reads from here, at a position of its own, and nobody has a queue of his own.
 *
 * What it holds is bytes, and most of it lines as they were logged: they become records, without their secrets, when
 * somebody reads them.
 */
export class History implements RecordHistory {
  private readonly ring: ByteRing;
  private readonly lines: LineCodec;
  private readonly records: RecordCodec;
  private readonly recent = new RecentRecords();
  private oldest = 1;
  private lastEvictedAudit = 0;

  constructor(
    readonly bounds: HistoryBounds,
    private readonly complete?: CompleteLine,
  ) {
    this.ring = new ByteRing(bounds, (mark) => this.evicted(mark));
    this.lines = new LineCodec(this.ring);
    this.records = new RecordCodec(this.ring);
  }

  /** Position of the oldest record that is still here; equal to {@link end} when there is none. */
  get start(): number {
    return this.oldest;
  }

  /** Position that the next record will get. */
  get end(): number {
    return this.oldest + this.ring.length;
  }

  get length(): number {
    return this.ring.length;
  }

  /** @internal bytes of the ring, with those that lie idle */
  get allocated(): number {
    return this.ring.allocated;
  }

  /** Bytes of the kept records. */
  get bytes(): number {
    return this.ring.bytes;
  }

  /** Whether audit records at or after a position were evicted. */
  lostAudit(from: number): boolean {
    return this.lastEvictedAudit >= from;
  }

  /** @returns `undefined` when the record is no longer, or not yet, here */
  at(seq: number): LogRecord | undefined {
    if (!this.has(seq)) return undefined;
    return this.recent.get(seq) ?? this.recent.remember(this.read(seq));
  }

  /** Bytes of one kept record. */
  bytesAt(seq: number): number {
    return this.has(seq) ? this.ring.sizeOf(seq - this.oldest) : 0;
  }

  /** The kept records in order, oldest first. */
  *[Symbol.iterator](): Generator<LogRecord> {
    for (let seq = this.oldest; seq < this.end; seq++) yield this.at(seq)!;
  }

  /**
   * @param record whose `seq` must be {@link end}
   * @param isRead whether somebody reads it in a moment
   */
  push(record: LogRecord, isRead = true): void {
    this.records.write(record);
    if (isRead) this.recent.remember(record);
  }

  /**
   * Keeps a line that is to become a record when somebody reads it.
   *
   * @returns false when it has to become one at once, since something in it may still change or is very large
   */
  pushLine(
    line: LineParts,
    fields: Readonly<Record<string, unknown>> | undefined,
    caller: CallerLocation | undefined,
    time: number,
    story?: StoryMark,
  ): boolean {
    return this.lines.write(line, fields, caller, time, story);
  }

  /** Lets go of records that were read: who reads them once more gets others, which are equal. */
  release(): void {
    this.recent.release();
  }

  clear(): void {
    while (this.length > 0) this.ring.evict();
    this.release();
  }

  private has(seq: number): boolean {
    return seq >= this.oldest && seq < this.end;
  }

  private read(seq: number): LogRecord {
    const { ring } = this;
    const index = seq - this.oldest;
    const offset = ring.offsetOf(index);
    const size = ring.sizeOf(index);
    const flags = ring.view.getUint8(offset + LAYOUT.flags);
    if ((flags & LAYOUT.complete) !== 0) return this.records.read(offset, size, flags, seq);
    const line = this.lines.read(offset, size, flags);
    const isHarmless = (flags & LAYOUT.harmless) !== 0;
    const record = this.complete!(line, seq, isHarmless);
    if (!isHarmless && isAsLogged(record, line))
      ring.view.setUint8(offset + LAYOUT.flags, flags | LAYOUT.harmless);
    return record;
  }

  private evicted(mark: number): void {
    if (mark === MARK.audit) this.lastEvictedAudit = this.oldest;
    this.oldest += 1;
  }
}

/** Whether nothing of a line was hidden or cut in its record. */
function isAsLogged({ message, logger, extra }: LogRecord, line: RawLine): boolean {
  if (message !== line.message || logger !== (line.context ?? 'root')) return false;
  if (!line.fields) return true;
  const names = Object.keys(line.fields);
  const kept = Object.keys(extra);
  return (
    kept.length === names.length &&
    names.every((name, index) => {
      const key = kept[index]!;
      // A name that the record has for itself: the field has another one, and its value may be anything.
      return key === name && extra[key] === line.fields![name];
    })
  );
}
