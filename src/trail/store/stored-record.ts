import { type LogRecord } from '../../record/log-record.js';
import { isRecordField, RECORD_FIELDS, type RecordField } from '../../wire/record-fields.js';
import { type PlainObject, type PlainValue } from '../../wire/plain-value.js';

const FIELDS = (Object.keys(RECORD_FIELDS) as RecordField[]).filter((name) => isRecordField(name, 'audit'));

/** The fields of an audit record as the trail stores them: those that extended clients get. */
export function dataOf(record: LogRecord): PlainObject {
  const data: PlainObject = {};
  for (const name of FIELDS) {
    const value = record[name];
    if (value !== undefined) data[name] = value as PlainValue;
  }
  // As on the wire, where it is there only when it holds.
  if (!record.truncated) delete data['truncated'];
  return { ...data, ...record.story, ...record.extra };
}

/**
 * The record that {@link dataOf} was made of. Its extra fields are in the order of the canonical text, by name.
 *
 * @param seq its position in the stream of its own epoch
 */
export function recordOf(data: PlainObject, seq: number): LogRecord {
  const own: Partial<Record<RecordField, PlainValue>> = {};
  const extra: PlainObject = {};
  for (const [name, value] of Object.entries(data)) {
    if (isRecordField(name, 'audit')) own[name] = value;
    // Defined, not assigned: `__proto__` is a name like any other.
    else Object.defineProperty(extra, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return {
    ...(own as Pick<LogRecord, RecordField>),
    seq,
    category: 'audit',
    time: Date.parse(String(own.timestamp)),
    truncated: own.truncated === true,
    extra,
  };
}
