import { type RecordHistory } from '../stream/record-source.js';

/**
 * How much of the history the slowest reader has not read. It counts up with every record, and asks where the slowest
 * reader is only when that seems too much: most of what was counted is read by then.
 */
export class Unread {
  private from: number;
  private bytes = 0;
  /** Where it was urgent the last time. Who has not got that far since cannot be helped by another such flush. */
  private urgentAt = 0;

  /** @param slowest position of the next record that the slowest reader will read */
  constructor(
    private readonly history: RecordHistory,
    private readonly slowest: () => number,
  ) {
    this.from = history.end;
  }

  /** @param bytes that the newest record takes in the history */
  add(bytes: number): void {
    this.bytes += bytes;
  }

  /** Whether half of the history is unread: waiting longer would push records out of it unread. */
  get isUrgent(): boolean {
    if (!this.isHalf) return false;
    this.count();
    if (!this.isHalf) return false;
    this.urgentAt = this.history.end;
    return true;
  }

  private get isHalf(): boolean {
    const { end, bounds } = this.history;
    return 2 * (end - this.from) >= bounds.records || 2 * this.bytes >= bounds.bytes;
  }

  private count(): void {
    const { history } = this;
    this.from = Math.max(this.slowest(), this.urgentAt, history.start);
    this.bytes = 0;
    for (let seq = this.from; seq < history.end; seq++) this.bytes += history.bytesAt(seq);
  }
}
