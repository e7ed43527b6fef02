import { isRecordField } from '../record-fields.js';
import { type FilteredRecord } from './filtered-record.js';

/** Compiles the way to a field: `instance_id`, `metadata.role`, or a name that itself holds dots. */
export function compileFieldPath(path: string): (record: FilteredRecord) => unknown {
  const [head, ...rest] = path.split('.');
  return (record) => {
    if (Object.hasOwn(record.extra, path)) return record.extra[path];
    const start = isRecordField(head!, record.category)
      ? namedField(record, head!)
      : own(Object.hasOwn(record.extra, head!) ? record.extra : record.story, head!);
    return rest.reduce<unknown>(own, start);
  };
}

/** As it stands on the wire, where `truncated` is sent only when it holds. */
function namedField(record: FilteredRecord, name: string): unknown {
  if (name === 'truncated') return record.truncated || undefined;
  return (record as unknown as Readonly<Record<string, unknown>>)[name];
}

function own(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
