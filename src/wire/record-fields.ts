import { type LogCategory } from './category.js';

/**
 * The fields that a record has for itself, in the order of the wire, and which records have them. Every other name is
 * the caller's: an extra field. Whoever asks whether a name is a record's own asks here.
 */
export const RECORD_FIELDS = {
  timestamp: 'both',
  level: 'both',
  logger: 'both',
  message: 'both',
  module: 'system',
  function: 'system',
  line: 'system',
  action: 'audit',
  metadata: 'audit',
  error: 'both',
  truncated: 'both',
  id: 'audit',
  origin: 'audit',
} as const satisfies Readonly<Record<string, LogCategory | 'both'>>;

/** A field that a record has for itself. */
export type RecordField = keyof typeof RECORD_FIELDS;

/** Whether records of a category have a field of this name for themselves. */
export function isRecordField(name: string, category: LogCategory): name is RecordField {
  if (!Object.hasOwn(RECORD_FIELDS, name)) return false;
  const owner = RECORD_FIELDS[name as RecordField];
  return owner === 'both' || owner === category;
}
