import { type LogRecord } from '../../record/log-record.js';

/** Records of a flush. */
const KEPT = 512;

/**
 * Records that were just read or built, so that groups of different filters and framings build and encode each once. They
 * are let go at the end of a flush: what is kept longer than a moment is what the garbage collector has to move.
 */
export class RecentRecords {
  private readonly records = Array.from<LogRecord | undefined>({ length: KEPT });
  /** Slots in use: nearly always few of them. */
  private readonly used: number[] = [];

  get(seq: number): LogRecord | undefined {
    const record = this.records[seq % KEPT];
    return record?.seq === seq ? record : undefined;
  }

  remember(record: LogRecord): LogRecord {
    const slot = record.seq % KEPT;
    if (this.records[slot] === undefined) this.used.push(slot);
    this.records[slot] = record;
    return record;
  }

  release(): void {
    for (let slot = this.used.pop(); slot !== undefined; slot = this.used.pop())
      this.records[slot] = undefined;
  }
}
