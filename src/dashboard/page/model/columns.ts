import { type FieldColumn } from './field-columns.js';
import { type Category } from './row.js';

export const COLUMNS = {
  system: ['time', 'level', 'logger', 'source', 'fields', 'seq'],
  audit: ['time', 'level', 'action', 'outcome', 'actor', 'duration', 'logger', 'fields', 'seq'],
} as const satisfies Readonly<Record<Category, readonly string[]>>;

/** A column that can be hidden; the message cannot. */
export type Column = (typeof COLUMNS)[Category][number];

export const COLUMN_LABELS: Readonly<Record<Column, string>> = {
  time: 'Time',
  level: 'Level',
  logger: 'Logger',
  source: 'Source',
  action: 'Action',
  outcome: 'Outcome',
  actor: 'Actor',
  duration: 'Duration',
  fields: 'Other fields',
  seq: 'Sequence number',
};

/** A panel is half a screen: what is rarely read is a click away. */
export const HIDDEN_AT_FIRST: Readonly<Record<Category, readonly Column[]>> = {
  system: ['source', 'seq'],
  audit: ['level', 'logger', 'seq'],
};

/** Before the message, in this order. The actor and the other fields stand behind it, in the same cell. */
const LEADING: Readonly<Record<Category, readonly Column[]>> = {
  system: ['seq', 'time', 'level', 'logger', 'source'],
  audit: ['seq', 'time', 'level', 'logger', 'action', 'outcome'],
};

/** Columns that many applications rarely fill: below that, what there is stands with the message. */
export const SPARSE = ['outcome', 'duration'] as const satisfies readonly Column[];

export type SparseColumn = (typeof SPARSE)[number];

/** What has a place in a row. */
export type Cell = Column | FieldColumn | 'message';

/** The columns of a row, in order. */
export function columnsOf(
  category: Category,
  hidden: readonly Column[],
  filled: ReadonlySet<SparseColumn>,
  fields: readonly FieldColumn[] = [],
): Cell[] {
  const visible = (column: Column): boolean =>
    !hidden.includes(column) && (!isSparse(column) || filled.has(column));
  return [
    ...LEADING[category].filter(visible),
    ...fields,
    'message',
    ...(category === 'audit' ? (['duration'] as const) : []).filter(visible),
  ];
}

function isSparse(column: Column): column is SparseColumn {
  return SPARSE.some((sparse) => sparse === column);
}
