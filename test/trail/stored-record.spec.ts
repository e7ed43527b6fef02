import { describe, expect, it } from 'vitest';
import { dataOf, recordOf } from '../../src/trail/store/stored-record.js';
import { RecordText } from '../../src/monitor/protocol/record-text.js';
import { logStream } from '../unit/subscription/fakes.js';

describe('an audit record in the trail', () => {
  function published(fields: Record<string, unknown>) {
    return logStream().publish({
      message: 'Role changed',
      logger: 'audit.users',
      level: 'WARNING',
      ...fields,
    })!;
  }

  const RECORDS = {
    plain: {},
    full: {
      action: 'user_role_changed',
      metadata: { id: 7, before: null, deep: { list: [1, 'two'] } },
      outcome: 'failure',
      actor: { id: 'ann' },
      error: new Error('no'),
      duration_ms: 1.5,
    },
    'with names that the record has taken': { timestamp_x: 1, extra_level: 2, id: 'mine', origin: 'mine' },
    'that was cut': { text: 'x'.repeat(100_000) },
  };

  it.each(Object.entries(RECORDS))('comes back as it was: %s', (_name, fields) => {
    const record = published(fields);
    const data = dataOf(record);
    const back = recordOf(JSON.parse(JSON.stringify(data)), record.seq);
    const wire = (of: typeof record) => JSON.parse(`{${new RecordText().fields(of)}}`) as unknown;
    expect(wire(back)).toEqual(wire(record));
    expect({ ...back, error: back.error && { ...back.error } }).toMatchObject({
      seq: record.seq,
      category: 'audit',
      time: record.time,
      id: record.id,
      origin: record.origin,
      truncated: record.truncated,
    });
    expect(dataOf(back)).toEqual(JSON.parse(JSON.stringify(data)));
  });

  it('holds nothing but JSON', () => {
    const data = dataOf(published(RECORDS.full));
    expect(JSON.parse(JSON.stringify(data))).toEqual(data);
  });
});
