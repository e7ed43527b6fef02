import { type UuidV7 } from '../../record/record-id.js';
import { entryMustHave, entryTooLarge, invalidEntry } from './store.messages.js';
import { TRAIL_ENTRY_KINDS, type NewEntry } from './trail-entry.js';
import { TrailError } from './trail-error.js';

/** Records are bounded (`RECORD_LIMITS`) at a tenth of this. */
export const LONGEST_ENTRY = 1024 * 1024;

/** An entry on its way: fixed as text, so that whatever its maker does to it later does not show. */
export interface DraftEntry {
  readonly id: string;
  /** {@link NewEntry} as JSON, with id and timestamp. */
  readonly text: string;
}

/** As `Date.prototype.toISOString` writes it: the form that sorts as text in the order of time. */
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** Whether a value is a time as entries have it. */
export function isTimestamp(value: unknown): value is string {
  return typeof value === 'string' && TIMESTAMP.test(value);
}

/** @throws TrailError `invalid_entry` */
export function draftOf({ kind, stream, instance, data }: NewEntry, ids: UuidV7): DraftEntry {
  const id = typeof data.id === 'string' && data.id !== '' ? data.id : ids.next();
  const timestamp = data.timestamp ?? new Date().toISOString();
  if (!isTimestamp(timestamp)) refuse('data.timestamp', 'in ISO 8601, UTC, ms');
  if (!TRAIL_ENTRY_KINDS.includes(kind)) refuse('kind', `one of ${TRAIL_ENTRY_KINDS.join(', ')}`);
  const isPosition =
    stream === null || (typeof stream.epoch === 'string' && Number.isSafeInteger(stream.seq));
  if (!isPosition) refuse('stream', 'null or an epoch and a whole number');
  const complete = id === data.id && timestamp === data.timestamp ? data : { ...data, id, timestamp };
  const text = textOf({ kind, stream, instance, data: complete });
  if (text.length > LONGEST_ENTRY) {
    throw new TrailError('invalid_entry', invalidEntry(entryTooLarge(text.length, LONGEST_ENTRY)));
  }
  return { id, text };
}

function textOf(entry: NewEntry): string {
  try {
    return JSON.stringify(entry);
  } catch (error) {
    // Only a cycle or a BigInt: data that is not plain.
    throw new TrailError('invalid_entry', invalidEntry(error), { cause: error });
  }
}

function refuse(field: string, expected: string): never {
  throw new TrailError('invalid_entry', invalidEntry(entryMustHave(field, expected)));
}
