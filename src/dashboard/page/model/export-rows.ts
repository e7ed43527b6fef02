import { withoutColours } from '../../../wire/ansi.js';
import { type RecordRow, type Row } from './row.js';

export const EXPORT_FORMATS = ['json', 'ndjson', 'csv'] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const EXPORT_TYPES: Readonly<Record<ExportFormat, string>> = {
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  csv: 'text/csv;charset=utf-8',
};

/** Of every record; what else a record has goes into the last column, as JSON. */
const COLUMNS = ['timestamp', 'level', 'logger', 'message', 'action', 'outcome', 'duration_ms'] as const;

/**
 * A record as it came: `{ type, seq, data }`, as on the wire, without the colour codes of terminals; and an entry of the
 * trail as its route answers it, to the letter: it is evidence.
 */
export function exportedRow({ category, seq, data, entry }: RecordRow): object {
  return entry ? { seq, ...entry } : { type: `${category}_log`, seq, data: plain(data) };
}

function plain(value: unknown): unknown {
  if (typeof value === 'string') return withoutColours(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [withoutColours(name), plain(inner)]),
  );
}

/** Writes the records among these rows. */
export function exportRows(rows: readonly Row[], format: ExportFormat): string {
  const records = rows.filter((row) => row.kind === 'record');
  if (format === 'csv') return csv(records);
  const items = records.map(exportedRow);
  return format === 'json'
    ? `${JSON.stringify(items, null, 2)}\n`
    : items.map((item) => `${JSON.stringify(item)}\n`).join('');
}

/** RFC 4180, with a header. The mark in front makes Excel read UTF-8. */
function csv(records: readonly RecordRow[]): string {
  const head = ['seq', 'category', ...COLUMNS, 'fields'];
  const lines = records.map(({ seq, category, data: logged }) => {
    const data = plain(logged) as Readonly<Record<string, unknown>>;
    const rest = Object.fromEntries(
      Object.entries(data).filter(([name]) => !COLUMNS.some((column) => column === name)),
    );
    return [seq, category, ...COLUMNS.map((column) => data[column]), JSON.stringify(rest)];
  });
  return `\ufeff${[head, ...lines].map((cells) => `${cells.map(cell).join(',')}\r\n`).join('')}`;
}

/**
 * Spreadsheets run a cell that begins like this as a formula, and log text is anybody's: an apostrophe makes it a text
 * (OWASP, "CSV Injection"). Numbers are left alone, they come from no stranger.
 */
const FORMULA = /^[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]/;

function cell(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}
