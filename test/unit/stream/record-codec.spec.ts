import { describe, expect, it } from 'vitest';
import { StreamRecord } from '../../../src/record/log-record.js';
import { ByteRing } from '../../../src/stream/ring/byte-ring.js';
import { RecordCodec } from '../../../src/stream/ring/record-codec.js';
import { LAYOUT } from '../../../src/stream/ring/span-layout.js';

const record = new StreamRecord(
  { category: 'system', time: 1, level: 'INFO', logger: 'root', message: 'm', extra: {}, truncated: false },
  7,
);

describe('RecordCodec', () => {
  it('keeps whatever a record has, without a list of its own of what that is', () => {
    const ring = new ByteRing({ records: 4, bytes: 4_096 }, () => {});
    new RecordCodec(ring).write(Object.assign(record, { later: 'field' }));
    const offset = ring.offsetOf(0);
    const text = ring.buffer.toString('latin1', offset + LAYOUT.head, offset + ring.sizeOf(0));
    expect(JSON.parse(text)).toMatchObject({ message: 'm', later: 'field' });
  });
});
