import { type LogRecord } from '../../record/log-record.js';
import { NAMED_FIELDS } from '../../record/named-fields.js';

/** Compiles the way to a field: `instance_id`, `metadata.role`, or a name that itself holds dots. */
export function compileFieldPath(path: string): (record: LogRecord) => unknown {
  const [head, ...rest] = path.split('.');
  return (record) => {
    if (Object.hasOwn(record.extra, path)) return record.extra[path];
    // A system record has `metadata` among its extra fields.
    const start =
      (NAMED_FIELDS.has(head!) ? record[head as keyof LogRecord] : undefined) ?? own(record.extra, head!);
    return rest.reduce<unknown>(own, start);
  };
}

function own(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
