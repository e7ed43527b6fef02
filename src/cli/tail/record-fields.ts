import { type RecordItem } from '../../client/index.js';
import { NAMED_FIELDS } from '../../record/named-fields.js';

/** The extra fields of a record, and the metadata of an audit record beside them; what is in both, once. */
export function fieldsOf({ type, data }: RecordItem): [name: string, value: unknown][] {
  const extra = Object.entries(data).filter(
    ([name]) =>
      !NAMED_FIELDS.has(name) ||
      (type === 'system_log' && ['action', 'metadata', 'id', 'origin'].includes(name)),
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
