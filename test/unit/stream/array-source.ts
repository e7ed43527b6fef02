import { type StreamRecord, type LogRecord } from '../../../src/record/log-record.js';
import { type AuditKeeper } from '../../../src/stream/audit-keeper.js';
import { Cursors } from '../../../src/stream/cursor.js';
import {
  type ProducedListener,
  type RecordHistory,
  type RecordSource,
} from '../../../src/stream/record-source.js';

/** The plainest history that keeps the contract. */
class ArrayHistory implements RecordHistory {
  start = 1;
  private readonly kept: { readonly record: LogRecord; readonly bytes: number }[] = [];
  private bytes = 0;
  private lastLostAudit = 0;

  constructor(readonly bounds: RecordHistory['bounds']) {}

  get end(): number {
    return this.start + this.kept.length;
  }

  at(position: number): LogRecord | undefined {
    return this.kept[position - this.start]?.record;
  }

  bytesAt(position: number): number {
    return this.kept[position - this.start]?.bytes ?? 0;
  }

  lostAudit(from: number): boolean {
    return this.lastLostAudit >= from;
  }

  release(): void {}

  push(record: LogRecord): void {
    const bytes = JSON.stringify(record).length;
    this.kept.push({ record, bytes });
    this.bytes += bytes;
    const { bounds, kept } = this;
    while (kept.length > 1 && (kept.length > bounds.records || this.bytes > bounds.bytes)) this.evict();
  }

  clear(): void {
    while (this.kept.length > 0) this.evict();
  }

  private evict(): void {
    const { record, bytes } = this.kept.shift()!;
    if (record.category === 'audit') this.lastLostAudit = this.start;
    this.bytes -= bytes;
    this.start += 1;
  }
}

/** A source of records in an array: what a fan-out can be given in place of a `LogStream`. */
export class ArraySource implements RecordSource {
  readonly history: ArrayHistory;
  readonly cursors = new Cursors();
  readonly produced = { DEBUG: 0, INFO: 0, WARNING: 0, ERROR: 0, CRITICAL: 0 };
  callerExpected = false;
  private readonly listeners = new Set<{ readonly call: ProducedListener; running: boolean }>();

  constructor(
    bounds: RecordHistory['bounds'],
    readonly keeper: AuditKeeper | undefined,
    readonly keeps = true,
  ) {
    this.history = new ArrayHistory(bounds);
  }

  add(record: StreamRecord): LogRecord {
    const position = this.history.end;
    record.seq = position;
    this.history.push(record);
    this.produced[record.level] += 1;
    // Not those who come meanwhile.
    const listeners = [...this.listeners];
    for (const listener of listeners) {
      // Stopped by an earlier one, or the one that led to this.
      if (!this.listeners.has(listener) || listener.running) continue;
      listener.running = true;
      try {
        listener.call(position);
      } catch {
        // Hurts nobody else.
      } finally {
        listener.running = false;
      }
    }
    return record;
  }

  onProduced(call: ProducedListener): () => void {
    const listener = { call, running: false };
    this.listeners.add(listener);
    return () => {
      if (this.listeners.delete(listener) && !this.keeps && this.listeners.size === 0) this.history.clear();
    };
  }
}
