import { type RecordItem } from '../../client/index.js';
import { isRecordField } from '../../wire/record-fields.js';

/** The extra fields of a record, and the metadata of an audit record beside them; what is in both, once. */
export function fieldsOf({ type, data }: RecordItem): [name: string, value: unknown][] {
  const extra = Object.entries(data).filter(
    ([name]) => name === 'truncated' || !isRecordField(name, type === 'audit_log' ? 'audit' : 'system'),
  );
  if (type === 'system_log') return extra;
  const { metadata } = data;
  if (metadata === undefined) return extra;
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
    return [...extra, ['metadata', metadata]];
  }
  const own = Object.entries(metadata).filter(([name, value]) => !same(data[name], value));
  return [
    ...own.map(([name, value]): [string, unknown] => [name in data ? `metadata.${name}` : name, value]),
    ...extra,
  ];
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
