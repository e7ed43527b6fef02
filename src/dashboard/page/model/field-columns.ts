import { isScalar, valueAt, type ValuePath } from './value-path.js';
import { type RecordData, type Row } from './row.js';

/** A field of the records as a column, by the way to it: `field:["metadata","role"]`. */
export type FieldColumn = `field:${string}`;

/** More leave no room for messages. */
export const MOST_FIELD_COLUMNS = 6;

/** Fields that are offered: who logs names that nobody has chosen could fill a page with them. */
const MOST_OFFERED = 200;

const PREFIX = 'field:';

/** Fields that have columns of their own. */
const PLACED = new Set([
  'timestamp',
  'level',
  'logger',
  'message',
  'action',
  'outcome',
  'duration_ms',
  'stack',
]);

export function fieldColumn(path: ValuePath): FieldColumn {
  return `${PREFIX}${JSON.stringify(path)}`;
}

/** @returns `undefined` for what is none: settings may come from an earlier version of the page */
export function fieldPath(column: string): ValuePath | undefined {
  if (!column.startsWith(PREFIX)) return undefined;
  try {
    const path: unknown = JSON.parse(column.slice(PREFIX.length));
    const isPath = Array.isArray(path) && path.length > 0 && path.every((name) => typeof name === 'string');
    return isPath ? (path as string[]) : undefined;
  } catch {
    return undefined;
  }
}

export function isFieldColumn(column: string): column is FieldColumn {
  return fieldPath(column) !== undefined;
}

/** As its head says it: `metadata.role`. */
export function fieldLabel(column: FieldColumn): string {
  return fieldPath(column)?.join('.') ?? column;
}

/** What a cell says; '' where the record has no such field. */
export function fieldText(data: RecordData, column: FieldColumn): string {
  const value = valueAt(data, fieldPath(column) ?? []);
  if (value === undefined) return '';
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** The fields that records have had, to choose from; objects by what is in them, two steps down. */
export class SeenFields {
  private readonly columns = new Set<FieldColumn>();

  get all(): readonly FieldColumn[] {
    return [...this.columns].toSorted((one, other) => fieldLabel(one).localeCompare(fieldLabel(other)));
  }

  note(row: Row): void {
    if (row.kind === 'record') this.add(row.data, []);
  }

  private add(value: object, path: ValuePath): void {
    for (const [name, inner] of Object.entries(value)) {
      if (this.columns.size >= MOST_OFFERED) return;
      if (path.length === 0 && PLACED.has(name)) continue;
      if (isScalar(inner) || Array.isArray(inner)) this.columns.add(fieldColumn([...path, name]));
      else if (typeof inner === 'object' && path.length < 2) this.add(inner as object, [...path, name]);
    }
  }
}
