import { type PlainWriter } from './plain-writer.js';
import { type PlainObject } from '../wire/plain-value.js';

/** Names that a record has for itself, whether or not it knows their values. */
const RESERVED = {
  system: new Set(['timestamp', 'level', 'logger', 'message', 'module', 'function', 'line', 'truncated']),
  audit: new Set(['timestamp', 'level', 'logger', 'message', 'id', 'origin', 'truncated']),
} as const;

/**
 * Builds the extra fields under the names they have on the wire. A name already taken keeps the record's value;
 * the caller's comes as `extra_<name>`.
 *
 * @param own names that this record uses besides the reserved ones (`error`)
 */
export function extraFields(
  source: Readonly<Record<string, unknown>>,
  category: 'system' | 'audit',
  own: readonly string[],
  writer: PlainWriter,
): PlainObject {
  const fields: PlainObject = {};
  for (const key of writer.names(source)) {
    if (isConsumed(key, source, category)) continue;
    let name = RESERVED[category].has(key) || own.includes(key) ? `extra_${key}` : key;
    while (Object.hasOwn(fields, name)) name = `extra_${name}`;
    writer.put(fields, name, writer.read(source, key), key);
  }
  return fields;
}

/** Fields that became part of the record itself. */
function isConsumed(
  key: string,
  source: Readonly<Record<string, unknown>>,
  category: 'system' | 'audit',
): boolean {
  if (category === 'system') return false;
  return key === 'action' || key === 'metadata' || (key === 'is_audit' && source[key] === true);
}
