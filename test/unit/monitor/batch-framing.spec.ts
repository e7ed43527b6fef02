import fc from 'fast-check';
import { constants, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { serverFrame } from '../../harness/extended-client.js';
import { FrameDecoder } from '../../harness/frames.js';
import { BatchFraming } from '../../../src/monitor/protocol/batch-framing.js';
import { RecordText } from '../../../src/monitor/protocol/record-text.js';
import { Cursors } from '../../../src/stream/cursor.js';
import { anyRecord, aRecord } from '../filter/specs.js';

const cursors = new Cursors();
const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff]);

function framing(compress: boolean): BatchFraming {
  return new BatchFraming(new RecordText(), cursors, compress);
}

/** The one frame that a write is. */
function only(bytes: Buffer): { text: string; compressed: boolean } {
  const decoder = new FrameDecoder();
  const [frame, ...more] = decoder.push(bytes);
  expect([more, decoder.incomplete, frame!.fin, frame!.masked, frame!.opcode]).toEqual([
    [],
    0,
    true,
    false,
    1,
  ]);
  const { payload, compressed } = frame!;
  const text = compressed
    ? inflateRawSync(Buffer.concat([payload, TAIL]), { finishFlush: constants.Z_SYNC_FLUSH })
    : payload;
  return { text: String(text), compressed };
}

describe('a batch', () => {
  it('is one text frame with all records of a chunk and the cursor behind them', () => {
    const batch = framing(false);
    const audit = { category: 'audit', id: 'u', origin: 'flag', action: 'a' } as const;
    const records = [aRecord({ seq: 3, message: 'a' }), aRecord({ seq: 5, message: '✓', ...audit })];
    const { text } = only(
      batch.join(
        records.map((record) => batch.encode(record)),
        9,
      ),
    );
    expect(text).toBe(
      '{"type":"batch","data":[' +
        '{"type":"system_log","seq":3,"data":{"timestamp":"2025-10-08T00:00:00.000Z","level":"INFO","logger":"root","message":"a"}},' +
        '{"type":"audit_log","seq":5,"data":{"timestamp":"2025-10-08T00:00:00.000Z","level":"INFO","logger":"root","message":"✓",' +
        `"action":"a","id":"u","origin":"flag"}}],"cursor":"${cursors.format(9)}"}`,
    );
  });

  it.each([false, true])('is valid, whatever the records are; compressed: %s', (compress) => {
    fc.assert(
      fc.property(fc.array(anyRecord, { minLength: 1, maxLength: 40 }), (records) => {
        const batch = framing(compress);
        const numbered = records.map((record, index) => Object.assign(record, { seq: index + 1 }));
        const { text } = only(
          batch.join(
            numbered.map((record) => batch.encode(record)),
            99,
          ),
        );
        const { items, cursor } = serverFrame(text);
        expect(items.map(({ seq }) => seq)).toEqual(numbered.map(({ seq }) => seq));
        expect(items.map(({ data }) => data['message'])).toEqual(records.map(({ message }) => message));
        expect(cursor).toBe(cursors.format(99));
      }),
    );
  });

  it.each([
    [1_023, false],
    [1_024, true],
  ])('of %i bytes is compressed: %s', (size, compressed) => {
    const batch = framing(true);
    const empty = only(batch.join([batch.encode(aRecord())], 2)).text.length;
    const frame = only(batch.join([batch.encode(aRecord({ message: 'x'.repeat(size - empty), seq: 2 }))], 2));
    expect(frame.text).toHaveLength(size);
    expect(frame.compressed).toBe(compressed);
  });

  it('that is compressed leaves off the end of the block, as RFC 7692 wants it', () => {
    const batch = framing(true);
    const bytes = batch.join([batch.encode(aRecord({ message: 'x'.repeat(5_000) }))], 2);
    expect(bytes[0]).toBe(0xc1);
    expect(bytes.subarray(-4)).not.toEqual(TAIL);
    expect(bytes.length).toBeLessThan(300);
  });

  it('is shared with those who read the same bytes only', () => {
    expect(framing(true).name).not.toBe(framing(false).name);
  });
});
