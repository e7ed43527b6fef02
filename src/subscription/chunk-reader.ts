import { type LogRecord } from '../record/log-record.js';
import { type RecordHistory } from '../stream/record-source.js';
import { type FanOutTotals } from './fan-out-totals.js';
import { type RecordPredicate } from './filter/record-predicate.js';
import { type Framing } from './framing.js';
import { Slice } from './slice.js';

/** What one write sends, and what it stands for. */
export interface Chunk {
  /** Empty when no record passed the filter. */
  readonly bytes: Buffer;
  /** Position after the last record that was looked at. */
  readonly next: number;
  readonly delivered: number;
  readonly filtered: number;
}

/** Bounds of one chunk; at least one record is always looked at. */
export interface ChunkBounds {
  readonly records: number;
  readonly bytes: number;
}

/** Records looked at in one go, however few of them pass: reading the past must not block the event loop. */
export const SCANNED_RECORDS = 4_096;

const NOTHING = Buffer.alloc(0);

/** Reads the history from a position through a filter, in chunks of bounded size. */
export class ChunkReader {
  constructor(
    private readonly history: RecordHistory,
    private readonly framing: Framing,
    readonly passes: RecordPredicate | undefined,
    private readonly bounds: ChunkBounds,
    private readonly totals: FanOutTotals,
  ) {}

  /**
   * @param from position of the first record to read, still in the history
   * @param to position to stop before, greater than `from`
   */
  read(from: number, to: number): Chunk {
    const started = performance.now();
    const chunk = this.join(from, to);
    this.totals.encodeMs += performance.now() - started;
    return chunk;
  }

  private join(from: number, to: number): Chunk {
    const slice = new Slice();
    const encoded: Buffer[] = [];
    const stop = Math.min(to, from + SCANNED_RECORDS);
    let bytes = 0;
    let next = from;
    for (; next < stop && encoded.length < this.bounds.records && bytes < this.bounds.bytes; next++) {
      if (slice.isOver) break;
      const record = this.history.at(next)!;
      if (this.passes && !this.passes(record)) {
        slice.inVain();
        continue;
      }
      const piece = this.framing.encode(record);
      encoded.push(piece);
      bytes += piece.length;
    }
    const delivered = encoded.length;
    return {
      bytes: delivered > 0 ? this.framing.join(encoded, next) : NOTHING,
      next,
      delivered,
      filtered: next - from - delivered,
    };
  }

  /**
   * The same for records that are not in the history.
   *
   * @param epoch where it is not this start of the application
   */
  frame(records: readonly LogRecord[], epoch?: string): Chunk {
    const passing = this.passes ? records.filter(this.passes) : records;
    const next = records.at(-1)!.seq + 1;
    return {
      bytes:
        passing.length > 0
          ? this.framing.join(
              passing.map((record) => this.framing.encode(record, epoch)),
              next,
              epoch,
            )
          : NOTHING,
      next,
      delivered: passing.length,
      filtered: records.length - passing.length,
    };
  }
}
