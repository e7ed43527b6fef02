import { type LogLevel } from '../../../src/wire/level.js';
import {
  type GapRow,
  type RecordData,
  type RecordRow,
  rowKey,
} from '../../../src/dashboard/page/model/row.js';

export const TIME = Date.UTC(2025, 9, 8, 18, 30, 45, 123);

/** A record of the system category, with what else it shall have. */
export function record(
  seq: number,
  fields: Partial<RecordData> = {},
  category: RecordRow['category'] = 'system',
): RecordRow {
  const level: LogLevel = fields.level ?? 'INFO';
  const time = TIME + seq;
  const timestamp = new Date(time).toISOString();
  const data = { timestamp, logger: 'app', message: `message ${seq}`, ...fields, level };
  return { kind: 'record', key: rowKey(0, seq), seq, epoch: 'epoch1', category, data, time };
}

export function gap(from: number, to: number): GapRow {
  return {
    kind: 'gap',
    key: rowKey(0, from),
    from,
    to,
    count: to - from + 1,
    reason: 'evicted',
    state: 'fetchable',
  };
}
