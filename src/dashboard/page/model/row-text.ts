import { auditFacts } from './audit-facts.js';
import { type Cell, type SparseColumn } from './columns.js';
import { fieldText } from './field-columns.js';
import { extrasOf } from './extras.js';
import { clockTime, count, duration, type TimeZone } from './format.js';
import { gapText } from './gap-text.js';
import { LEVEL_LABELS } from './level.js';
import { type RecordData, type RecordRow, type Repeats, type Row } from './row.js';
import { isNote, KIND_LABELS } from './trail-entry.js';
import { visibleText } from './visible-text.js';

/** What of a row is shown. */
export interface ShownParts {
  readonly columns: readonly Cell[];
  /** Without a column of their own: the outcome stands before the message, the duration behind it. */
  readonly inline: readonly SparseColumn[];
  /** Behind the message. */
  readonly actor: boolean;
  readonly fields: boolean;
  readonly zone: TimeZone;
}

/** A row as one line of text, as it is shown; where the list cuts, whole. */
export function rowText(row: Row, parts: ShownParts): string {
  if (row.kind === 'notice') return row.text;
  if (row.kind === 'gap') return gapText(row);
  return parts.columns
    .map((column) => cellText(row, column, parts))
    .filter((text) => text !== '')
    .join(' ');
}

function cellText(row: RecordRow, column: Cell, parts: ShownParts): string {
  const { data } = row;
  switch (column) {
    case 'time':
      return clockTime(row.time, parts.zone);
    case 'level':
      return LEVEL_LABELS[data.level];
    case 'logger':
      return visibleText(data.logger);
    case 'source':
      return visibleText(sourceOf(data));
    case 'action':
      return visibleText(auditFacts(data).action);
    case 'outcome':
      return visibleText(outcomeText(data));
    case 'duration': {
      const { durationMs } = auditFacts(data);
      return durationMs === undefined ? '' : duration(durationMs);
    }
    case 'seq':
      return String(row.seq);
    case 'message':
      return messageText(row, parts);
    case 'actor':
    case 'fields':
      return '';
    default:
      return visibleText(fieldText(data, column));
  }
}

function messageText({ data, entry, repeats }: RecordRow, { actor, fields, inline }: ShownParts): string {
  const { actor: party, durationMs } = auditFacts(data);
  const by = actor ? party : undefined;
  const error = errorText(data);
  const texts = [
    ...(entry && entry.kind !== 'record' ? [KIND_LABELS[entry.kind] ?? entry.kind] : []),
    ...(inline.includes('outcome') && outcomeText(data) !== '' ? [outcomeText(data)] : []),
    ...(repeats ? [repeatsText(repeats)] : []),
    data.message,
    ...(by === undefined ? [] : [`by ${by}`]),
    ...(error === undefined ? [] : [error]),
    ...(fields && !(entry && isNote(entry.kind))
      ? extrasOf(data, Number.POSITIVE_INFINITY).map(({ name, value }) => `${name}=${value}`)
      : []),
    ...(inline.includes('duration') && durationMs !== undefined ? [duration(durationMs)] : []),
  ];
  return visibleText(texts.join(' '));
}

/** How often a message came, and over how long: `12 times in 3.20 s`. */
export function repeatsText({ count: times, spanMs }: Repeats): string {
  return `${count(times)} times in ${duration(spanMs)}`;
}

/** What a row says of its error, unless its message says the same. */
export function errorText({ error, message }: RecordData): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { name, message: text } = error as { readonly name?: unknown; readonly message?: unknown };
  return text === message ? undefined : `${String(name ?? 'Error')}: ${String(text ?? '')}`;
}

/** `''` where there is none. */
export function outcomeText(data: RecordData): string {
  const { outcome, reason } = auditFacts(data);
  return outcome === undefined ? '' : outcome === 'success' ? 'ok' : (reason ?? outcome);
}

export function sourceOf({ module, function: name, line }: RecordData): string {
  if (typeof module !== 'string') return '';
  const place = typeof line === 'number' ? `${module}:${line}` : module;
  return typeof name === 'string' ? `${place} ${name}` : place;
}
