import { type FilteredRecord } from './filtered-record.js';

/** Compiles a search for a text in any case, over everything in a record that a person sees. */
export function compileSearch(search: string): (record: FilteredRecord) => boolean {
  const wanted = search.toLowerCase();
  const found = (text: string): boolean => text.toLowerCase().includes(wanted);
  // Values are plain and bounded (RECORD_LIMITS), so the depth of this recursion is too.
  const inValue = (value: unknown): boolean => {
    if (typeof value === 'string') return found(value);
    if (typeof value !== 'object' || value === null) return value !== undefined && found(String(value));
    return Object.values(value).some(inValue);
  };
  return (record) =>
    found(record.message) ||
    found(record.logger) ||
    inValue(record.module) ||
    inValue(record.function) ||
    inValue(record.action) ||
    inValue(record.extra) ||
    inValue(record.metadata) ||
    inValue(record.error);
}
