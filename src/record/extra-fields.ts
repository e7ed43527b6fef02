import { type LogCategory } from '../wire/category.js';
import { isRecordField } from '../wire/record-fields.js';
import { AUDIT_FLAG } from './audit-flag.js';
import { type PlainWriter } from './plain-writer.js';
import { type PlainObject } from '../wire/plain-value.js';

/**
 * Builds the extra fields under the names they have on the wire. A name already taken keeps the record's value;
 * the caller's comes as `extra_<name>`.
 *
 * @param hasError whether the record has an `error` of its own, so that the name is taken
 */
export function extraFields(
  source: Readonly<Record<string, unknown>>,
  category: LogCategory,
  hasError: boolean,
  writer: PlainWriter,
): PlainObject {
  const fields: PlainObject = {};
  for (const key of writer.names(source)) {
    if (isConsumed(key, category)) continue;
    let name = isReserved(key, category, hasError) ? `extra_${key}` : key;
    while (Object.hasOwn(fields, name)) name = `extra_${name}`;
    writer.copy(fields, source, key, name);
  }
  return fields;
}

/** A name that the record has for itself, whether or not it knows its value; but an error without an error is a field. */
function isReserved(name: string, category: LogCategory, hasError: boolean): boolean {
  return isRecordField(name, category) && (name !== 'error' || hasError);
}

/** Fields that became part of the record itself. */
function isConsumed(key: string, category: LogCategory): boolean {
  return key === AUDIT_FLAG || (category === 'audit' && (key === 'action' || key === 'metadata'));
}
