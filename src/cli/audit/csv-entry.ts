import { type PlainObject, type PlainValue } from '../../wire/plain-value.js';
import { type TrailEntry } from '../../trail/store/trail-entry.js';
import { csvLine } from './csv-line.js';

/** Columns that are fields of the data of an entry, as they are. */
const FIELDS = ['id', 'timestamp', 'level', 'logger', 'action', 'outcome', 'reason', 'message'] as const;

const COLUMNS = [
  'seq',
  'kind',
  ...FIELDS,
  'actor',
  'targets',
  'metadata',
  'other',
  'origin',
  'instance',
  'hash',
];

/** Names of the columns. */
export const CSV_HEADER = csvLine(COLUMNS);

/** An entry as a line of CSV. What has no column of its own is in `other`, as JSON: nothing is left out. */
export function csvEntry({ seq, kind, instance, hash, data }: TrailEntry): string {
  const { actor, targets, metadata, origin, ...rest } = data;
  const other = Object.fromEntries(
    Object.entries(rest).filter(([name]) => !(FIELDS as readonly string[]).includes(name)),
  );
  return csvLine([
    seq,
    kind,
    ...FIELDS.map((name) => cell(data[name])),
    cell(idOf(actor)),
    Array.isArray(targets) ? targets.map((target) => cell(idOf(target))).join(' ') : cell(targets),
    cell(metadata),
    Object.keys(other).length > 0 ? JSON.stringify(other) : '',
    cell(origin),
    instance,
    hash,
  ]);
}

function cell(value: PlainValue | undefined): string | number {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value);
}

/** Of an actor or a target that has no more than an id: that. */
function idOf(value: PlainValue | undefined): PlainValue | undefined {
  const isIdOnly = typeof value === 'object' && value !== null && Object.keys(value).length === 1;
  return isIdOnly ? ((value as PlainObject)['id'] ?? value) : value;
}
