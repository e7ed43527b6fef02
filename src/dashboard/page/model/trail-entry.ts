import { count } from './format.js';
import { type LogLevel } from '../../../wire/level.js';
import { isLevel } from './level.js';
import { type TrailEntryAnswer } from '../../../wire/trail-answers.js';
import { type EntryFacts, type RecordRow } from './row.js';

/** What an entry is called that is no record; it stands in the row, before the text. */
export const KIND_LABELS: Readonly<Record<string, string>> = {
  intent: 'intent',
  gap: 'gap',
  pruned: 'pruned',
  key: 'key',
  hold: 'hold',
  release: 'release',
};

const LOSSES: Readonly<Record<string, string>> = {
  spool_full: 'the spool was full',
  invalid_entry: 'they could not be stored as they were',
  spool_damaged: 'the spool was damaged',
};

const LEVELS_OF_KINDS: Readonly<Record<string, LogLevel>> = {
  gap: 'ERROR',
  key: 'WARNING',
  release: 'WARNING',
};

/** Whether it is no record of the application, nor what announced one: then its fields are for verifiers. */
export function isNote(kind: string): boolean {
  return kind !== 'record' && kind !== 'intent';
}

/** Makes an entry a row of a list. What the trail notes for itself has neither level nor message: it is given them. */
export function rowOfEntry({ seq, kind, hash, instance, stream, data }: TrailEntryAnswer): RecordRow {
  const { level, logger, message, timestamp } = data;
  const text = String(timestamp ?? '');
  return {
    kind: 'record',
    key: seq,
    seq,
    epoch: stream?.epoch ?? '',
    category: 'audit',
    time: Date.parse(text),
    data: {
      ...data,
      timestamp: text,
      level: isLevel(level) ? level : (LEVELS_OF_KINDS[kind] ?? 'INFO'),
      logger: typeof logger === 'string' ? logger : 'trail',
      message: noteText(kind, data) ?? String(message ?? ''),
    },
    entry: { kind, hash, instance, stream, data },
  };
}

/** @returns what an entry says that is no record of the application; `undefined` for one that speaks for itself */
function noteText(kind: string, data: EntryFacts['data']): string | undefined {
  const { reason, hold } = data;
  switch (kind) {
    case 'gap':
      return `${number(data['count'])} not stored: ${LOSSES[String(reason)] ?? String(reason)}`;
    case 'pruned':
      return `Entries ${number(data['from'])} to ${number(data['through'])} were deleted by the retention`;
    case 'key':
      return 'The key that signs was changed';
    case 'hold':
      return `Nothing of this may be deleted: ${String(reason)}`;
    case 'release':
      return `Hold ${String(hold)} was released: ${String(reason)}`;
    default:
      return undefined;
  }
}

function number(value: unknown): string {
  return typeof value === 'number' ? count(value) : String(value);
}
