import { type LogRecord } from '../record/log-record.js';

/** The record's own object and its slots in the history, measured with `--expose-gc` on Node 24: 200 to 260. */
const RECORD_OVERHEAD = 256;

/** A field's slot and the header of the value in it. */
const FIELD_OVERHEAD = 16;

/**
 * Estimates the memory that a record keeps. Texts count two bytes a character: V8 stores Latin-1 in one, so the
 * history never takes more than its bound says.
 */
export function recordBytes(record: LogRecord): number {
  let bytes = RECORD_OVERHEAD + 2 * (record.message.length + record.logger.length);
  for (const key in record.extra) bytes += FIELD_OVERHEAD + 2 * key.length + valueBytes(record.extra[key]);
  if (record.metadata !== undefined) bytes += valueBytes(record.metadata);
  if (record.error !== undefined) bytes += valueBytes(record.error);
  return bytes;
}

function valueBytes(value: unknown): number {
  if (typeof value === 'string') return FIELD_OVERHEAD + 2 * value.length;
  if (typeof value !== 'object' || value === null) return FIELD_OVERHEAD;
  let bytes = FIELD_OVERHEAD;
  for (const [key, inner] of Object.entries(value)) bytes += 2 * key.length + valueBytes(inner);
  return bytes;
}
