import { type RecordData, type RecordRow } from './row.js';

/** Everything in the record that is a text, a number or a name, one a line, in lower case. */
export function searchTextOf(row: RecordRow): string {
  row.searchText ??= collect(row.data).toLowerCase();
  return row.searchText;
}

function collect({ timestamp: _, ...data }: RecordData): string {
  const parts: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) {
      parts.push(String(value));
    } else {
      for (const [name, inner] of Object.entries(value)) {
        if (!Array.isArray(value)) parts.push(name);
        visit(inner);
      }
    }
  };
  visit(data);
  return parts.join('\n');
}
