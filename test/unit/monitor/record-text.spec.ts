import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { RecordText } from '../../../src/monitor/protocol/record-text.js';
import { aRecord } from '../filter/specs.js';

function fields(text: RecordText, record = aRecord()): Record<string, unknown> {
  return JSON.parse(`{${text.fields(record)}}`) as Record<string, unknown>;
}

describe('the text of a record', () => {
  it('is written once, however many groups want it', () => {
    const record = aRecord({ seq: 7, message: 'x' });
    const written = vi.spyOn(record, 'timestamp', 'get');
    const text = new RecordText();
    const first = text.fields(record);
    expect(text.fields(record)).toBe(first);
    expect(written).toHaveBeenCalledTimes(1);
  });

  it('is never that of another record, however they follow one another', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3_000 }), { maxLength: 100 }), (seqs) => {
        const text = new RecordText();
        for (const seq of seqs) {
          expect(fields(text, aRecord({ seq, message: `m${seq}` }))['message']).toBe(`m${seq}`);
        }
      }),
    );
  });

  it('formats the time once a millisecond', () => {
    const text = new RecordText();
    const records = [1, 2, 3].map((seq) => aRecord({ seq, time: 1_000 + (seq === 3 ? 1 : 0) }));
    const formats = records.map((record) => vi.spyOn(record, 'timestamp', 'get'));
    const times = records.map((record) => fields(text, record)['timestamp']);
    expect(times).toEqual([
      '1970-01-01T00:00:01.000Z',
      '1970-01-01T00:00:01.000Z',
      '1970-01-01T00:00:01.001Z',
    ]);
    expect(formats.map(({ mock }) => mock.calls.length)).toEqual([1, 0, 1]);
  });

  it('has the fields in the order of the wire', () => {
    const system = aRecord({
      module: 'm',
      function: 'f',
      line: 0,
      extra: { z: 1, a: null },
      truncated: true,
    });
    expect(Object.keys(fields(new RecordText(), system))).toEqual([
      'timestamp',
      'level',
      'logger',
      'message',
      'module',
      'function',
      'line',
      'z',
      'a',
      'truncated',
    ]);
    const audit = aRecord({
      category: 'audit',
      action: 'a',
      metadata: 0,
      extra: { b: 1 },
      id: 'i',
      origin: 'flag',
    });
    const names = Object.keys(fields(new RecordText(), audit));
    expect(names).toEqual(['timestamp', 'level', 'logger', 'message', 'action', 'metadata', 'b']);
  });
});
