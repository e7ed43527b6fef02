import { PlainWriter, type PlainObject } from './plain-value.js';
import { RECORD_LIMITS } from './record-limits.js';
import { type SizeBudget } from './size-budget.js';

/** Names that a record has for itself, whether or not it knows their values. */
const RESERVED = {
  system: new Set(['timestamp', 'level', 'logger', 'message', 'module', 'function', 'line']),
  audit: new Set(['timestamp', 'level', 'logger', 'message', 'action', 'metadata', 'id', 'origin']),
} as const;

/**
 * Builds the extra fields under the names they have on the wire. A name already taken keeps the record's value;
 * the caller's comes as `extra_<name>`.
 *
 * @param sources the params of the call, then the fields of the `context` option: earlier ones win
 * @param own names that this record uses besides the reserved ones (`error`, `truncated`)
 */
export function extraFields(
  sources: readonly (Readonly<Record<string, unknown>> | undefined)[],
  category: 'system' | 'audit',
  own: readonly string[],
  budget: SizeBudget,
): PlainObject {
  const fields: PlainObject = {};
  const writer = new PlainWriter(budget);
  for (const source of sources) {
    if (!source) continue;
    const keys = Object.keys(source);
    if (keys.length > RECORD_LIMITS.entries) budget.truncate();
    for (const key of keys.slice(0, RECORD_LIMITS.entries)) {
      if (isConsumed(key, source, category)) continue;
      let name = RESERVED[category].has(key) || own.includes(key) ? `extra_${key}` : key;
      if (source !== sources[0] && Object.hasOwn(fields, name)) continue;
      while (Object.hasOwn(fields, name)) name = `extra_${name}`;
      writer.put(fields, name, writer.read(source, key));
    }
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
