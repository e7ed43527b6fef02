import { StreamRecord, type LogRecord, type UnpublishedRecord } from '../../record/log-record.js';
import { type ByteRing } from './byte-ring.js';
import { isNarrow, readText, textBytes, writeText } from './ring-text.js';
import { LAYOUT, MARK } from './span-layout.js';

/** Writes records that are complete into the ring, as JSON, and reads them back. */
export class RecordCodec {
  constructor(private readonly ring: ByteRing) {}

  write(record: LogRecord): void {
    // Whole, so that a field of records is named where they are made and nowhere here; the position in it is not read.
    const text = JSON.stringify(record);
    const narrow = isNarrow(text);
    const size = LAYOUT.head + textBytes(text.length, narrow);
    const offset = this.ring.reserve(size);
    const { buffer, view } = this.ring;
    view.setUint8(offset + LAYOUT.flags, LAYOUT.complete | (narrow ? LAYOUT.narrow : 0));
    view.setFloat64(offset + LAYOUT.time, record.time);
    writeText(buffer, text, offset + LAYOUT.head, narrow);
    this.ring.commit(offset, size, record.category === 'audit' ? MARK.audit : MARK.system);
  }

  read(offset: number, size: number, flags: number, seq: number): LogRecord {
    const narrow = (flags & LAYOUT.narrow) !== 0;
    const text = readText(this.ring.buffer, offset + LAYOUT.head, offset + size, narrow);
    return new StreamRecord(JSON.parse(text) as UnpublishedRecord, seq);
  }
}
