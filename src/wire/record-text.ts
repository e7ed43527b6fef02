import { withoutColours } from './ansi.js';

/** What of a record a search looks through: a record of the stream, or whatever has the same fields. */
export interface TextedRecord {
  /** ISO 8601, UTC. */
  readonly timestamp?: unknown;
  readonly level?: unknown;
  readonly logger?: unknown;
  readonly module?: unknown;
  readonly function?: unknown;
  readonly line?: unknown;
  readonly action?: unknown;
  readonly message?: unknown;
  readonly metadata?: unknown;
  readonly error?: unknown;
  readonly id?: unknown;
  readonly origin?: unknown;
  /** All others. */
  readonly extra: Readonly<Record<string, unknown>>;
}

/** Levels that are shown shorter than they are called. */
const SHORT_LEVELS: Readonly<Record<string, string>> = { WARNING: 'WARN', CRITICAL: 'CRIT' };

/** What stands otherwise in JSON than in the text that it is of. */
// oxlint-disable-next-line no-control-regex -- these are escaped there
const ESCAPED = /["\\\u0000-\u001f]/;

/** What has to be quoted where fields are told from each other. */
const QUOTED = /[\s"=]/;

/**
 * The text of a record: all that a person is shown of it, by the dashboard and in a terminal, in the order in which it is
 * shown, so that what is seen can be searched for: `2025-10-08 18:30:45.123 INFO app.orders Order paid user_id=5
 * ids=[1,2,3] order={"id":"ord-77"}`. Times are UTC; the colour codes of terminals are left out. One text for every
 * search there is.
 */
export function recordText(record: TextedRecord): string {
  const { logger, module, line, message, metadata, extra, error } = record;
  const timestamp = textOf(record.timestamp);
  const level = textOf(record.level);
  const caller = textOf(record.function);
  const action = textOf(record.action);
  const fields = [...fieldsOf(metadata, 'metadata'), ...fieldsOf(extra, 'extra')];
  const parts = [
    timestamp,
    level,
    // As it is shown: without the letters between date and time and behind it.
    timestamp.replace('T', ' ').replace(/Z$/, ''),
    SHORT_LEVELS[level] ?? level,
    textOf(logger),
    action,
    textOf(message),
    partyOf(extra['actor']),
    ...headOf(error),
    ...fields.map(([name, value]) => `${name}=${valueText(value)}`),
    action === '' ? '' : `action=${action}`,
    // As the dashboard shows it, and as a terminal does.
    `${joined(module, line)} ${caller}`.trim(),
    joined(module, caller, line),
    ...leavesOf(error),
    // Texts with spaces, as a terminal shows them, and texts inside of others without what JSON adds to them.
    ...fields.flatMap(([name, value]) =>
      typeof value === 'string'
        ? QUOTED.test(value)
          ? [`${name}=${JSON.stringify(value)}`]
          : []
        : escapedIn(value),
    ),
    ...['id', 'origin'].map((name) => textOf(record[name as 'id' | 'origin'])),
  ];
  return withoutColours(parts.filter((part) => part !== '').join(' '));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

function joined(...parts: readonly unknown[]): string {
  return parts
    .map(textOf)
    .filter((part) => part !== '')
    .join(':');
}

function fieldsOf(value: unknown, name: string): [name: string, value: unknown][] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[name, value]];
  return Object.entries(value);
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** `by user:ada` */
function partyOf(actor: unknown): string {
  if (typeof actor === 'string') return `by ${actor}`;
  if (typeof actor !== 'object' || actor === null) return '';
  const { type, id, name } = actor as Readonly<Record<string, unknown>>;
  const parts = [textOf(type), textOf(name ?? id)].filter((part) => part !== '');
  return parts.length > 0 ? `by ${parts.join(':')}` : '';
}

/** `TypeError: no route` */
function headOf(error: unknown): string[] {
  if (typeof error !== 'object' || error === null) return [];
  const { name, message } = error as Readonly<Record<string, unknown>>;
  return [`${textOf(name) || 'Error'}: ${textOf(message)}`];
}

/** Values are plain and bounded, so the depth of this recursion is too. */
function leavesOf(value: unknown, name = 'error'): string[] {
  if (typeof value !== 'object' || value === null)
    return value === undefined ? [] : [`${name}=${valueText(value)}`];
  return Object.entries(value).flatMap(([inner, part]) => leavesOf(part, inner));
}

function escapedIn(value: unknown): string[] {
  if (typeof value === 'string') return ESCAPED.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => [
    ...(ESCAPED.test(name) ? [name] : []),
    ...escapedIn(part),
  ]);
}
