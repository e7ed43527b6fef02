import { type LogRecord } from '../../record/log-record.js';

/** Records of a flush. */
const KEPT = 512;

/**
 * Records that were just read or built, so that groups of different filters and framings build and encode each once. They
 * are let go at the end of a flush: what is kept longer than a moment is what the garbage collector has to move.
 */
export class RecentRecords {
  private readonly records = Array.from<LogRecord | undefined>({ length: KEPT });
  private isEmpty = true;

  get(seq: number): LogRecord | undefined {
    const record = this.records[seq % KEPT];
    return record?.seq === seq ? record : undefined;
  }

  keep(record: LogRecord): LogRecord {
    this.records[record.seq % KEPT] = record;
    this.isEmpty = false;
    return record;
  }

  release(): void {
    if (this.isEmpty) return;
    this.records.fill(undefined);
    this.isEmpty = true;
  }
}
