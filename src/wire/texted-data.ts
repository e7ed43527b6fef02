import { type LogCategory } from './category.js';
import { isRecordField } from './record-fields.js';
import { type TextedRecord } from './record-text.js';

/** The `data` of a record on the wire, as what a search looks through. */
export function textedData(data: Readonly<Record<string, unknown>>, category: LogCategory): TextedRecord {
  const own: Record<string, unknown> = {};
  const extra: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(data)) {
    const fields = isRecordField(name, category) ? own : extra;
    Object.defineProperty(fields, name, { value, enumerable: true });
  }
  return { ...own, extra };
}
