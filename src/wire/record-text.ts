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
  /** Fields of the request that it was logged in, where the record keeps them apart; those of `extra` win. */
  readonly story?: object;
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
  const { module, line, metadata, error } = record;
  const extra = record.story ? { ...record.extra, ...record.story, ...record.extra } : record.extra;
  const timestamp = textOf(record.timestamp);
  const level = textOf(record.level);
  const caller = textOf(record.function);
  const action = textOf(record.action);
  let text = `${timestamp} ${level}`;
  // Written on, not gathered and joined: each record is read by each search of everybody who watches.
  const add = (part: string): void => {
    if (part !== '') text += ` ${part}`;
  };
  // As it is shown: without the letters between date and time and behind it.
  add(timestamp.replace('T', ' ').replace('Z', ''));
  add(SHORT_LEVELS[level] ?? level);
  add(textOf(record.logger));
  add(action);
  add(textOf(record.message));
  add(partyOf(extra['actor']));
  add(headOf(error));
  const own = fieldsOf(metadata, 'metadata');
  for (const name in own) add(`${name}=${valueText(own[name])}`);
  for (const name in extra) add(`${name}=${valueText(extra[name])}`);
  if (action !== '') add(`action=${action}`);
  if (module !== undefined || caller !== '') {
    // As the dashboard shows it, and as a terminal does.
    add(`${joined(module, line)} ${caller}`);
    add(joined(module, caller, line));
  }
  if (error !== undefined) addLeaves(error, 'error', add);
  // Texts with spaces, as a terminal shows them, and texts inside of others without what JSON adds to them.
  addOtherwise(own, add);
  addOtherwise(extra, add);
  add(textOf(record.id));
  add(textOf(record.origin));
  return withoutColours(text);
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

const NO_FIELDS: Readonly<Record<string, unknown>> = {};

function fieldsOf(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (value === undefined) return NO_FIELDS;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { [name]: value };
  return value as Readonly<Record<string, unknown>>;
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
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
function headOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { name, message } = error as Readonly<Record<string, unknown>>;
  return `${textOf(name) || 'Error'}: ${textOf(message)}`;
}

/** Values are plain and bounded, so the depth of this recursion is too. */
function addLeaves(value: unknown, name: string, add: (part: string) => void): void {
  if (typeof value !== 'object' || value === null) return add(`${name}=${valueText(value)}`);
  for (const [inner, part] of Object.entries(value)) addLeaves(part, inner, add);
}

function addOtherwise(fields: Readonly<Record<string, unknown>>, add: (part: string) => void): void {
  for (const name in fields) {
    const value = fields[name];
    if (typeof value === 'object') addEscaped(value, add);
    else if (typeof value === 'string' && QUOTED.test(value)) add(`${name}=${JSON.stringify(value)}`);
  }
}

function addEscaped(value: unknown, add: (part: string) => void): void {
  if (typeof value === 'string') {
    if (ESCAPED.test(value)) add(value);
  } else if (typeof value === 'object' && value !== null) {
    for (const name in value) {
      if (ESCAPED.test(name)) add(name);
      addEscaped((value as Readonly<Record<string, unknown>>)[name], add);
    }
  }
}
