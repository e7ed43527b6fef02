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

/**
 * What stands behind the message in a row: the other fields, each short. `metadata` counts as its fields.
 *
 * @param longest characters of a value
 */
export function extrasOf(data: RecordData, longest = LONGEST_VALUE): Extra[] {
  const extras: Extra[] = [];
  const add = (fields: object, isPlaced: (name: string) => boolean): void => {
    for (const [name, value] of Object.entries(fields)) {
      if (extras.length >= MOST_FIELDS) return;
      if (!isPlaced(name)) extras.push({ name, value: short(value, longest) });
    }
  };
  const { metadata } = data;
  // A field of the record itself counts more than one of the same name in `metadata`.
  if (typeof metadata === 'object' && metadata !== null) add(metadata, (name) => isOwn(data, name));
  add(data, (name) => name === 'metadata' || PLACED.has(name));
  return extras;
}

function isOwn(data: RecordData, name: string): boolean {
  return Object.hasOwn(data, name) && !PLACED.has(name);
}

function short(value: unknown, longest: number): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
