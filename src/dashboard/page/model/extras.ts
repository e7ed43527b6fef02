import { type RecordData } from './row.js';

/** Fields that have a place of their own in a row. */
const PLACED: ReadonlySet<string> = new Set([
  'timestamp',
  'level',
  'logger',
  'message',
  'module',
  'function',
  'line',
  'error',
  'truncated',
  'action',
  'id',
  'origin',
  'outcome',
  'reason',
  'duration_ms',
  'actor',
  'targets',
  'request',
  'event_type',
]);

const LONGEST_VALUE = 80;
const MOST_FIELDS = 8;

export interface Extra {
  readonly name: string;
  readonly value: string;
}

/** What stands behind the message in a row: the other fields, each short. `metadata` counts as its fields. */
export function extrasOf(data: RecordData): Extra[] {
  const { metadata, ...fields } = data;
  const details = typeof metadata === 'object' && metadata !== null ? metadata : {};
  const all = {
    ...details,
    ...Object.fromEntries(Object.entries(fields).filter(([name]) => !PLACED.has(name))),
  };
  return Object.entries(all)
    .slice(0, MOST_FIELDS)
    .map(([name, value]) => ({ name, value: short(value) }));
}

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}
