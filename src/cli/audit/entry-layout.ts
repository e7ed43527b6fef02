import { type PlainObject, type PlainValue } from '../../wire/plain-value.js';
import { type TrailEntry } from '../../trail/store/trail-entry.js';
import { fieldSpans } from '../tail/field-spans.js';
import { type Clock } from '../terminal/clock.js';
import { colouredSpan } from '../terminal/coloured-span.js';
import { layout, type Span } from '../terminal/layout.js';
import { type Paint, type Style } from '../terminal/paint.js';
import { visible } from '../terminal/visible-text.js';

export interface EntryLayoutOptions {
  readonly paint: Paint;
  readonly clock: Clock;
  /** Columns; `undefined` where nothing is wrapped. */
  readonly width: () => number | undefined;
}

const LEVELS: Readonly<Record<string, Style>> = {
  DEBUG: 'DEBUG',
  INFO: 'INFO',
  WARNING: 'WARNING',
  ERROR: 'ERROR',
  CRITICAL: 'CRITICAL',
};

const INDENT = 4;
const SPACE: Span = { text: ' ', style: 'message' };

/** Fields that are shown elsewhere in the line, or say nothing to a reader. */
const PLACED = new Set([
  'timestamp',
  'level',
  'logger',
  'message',
  'action',
  'outcome',
  'reason',
  'actor',
  'targets',
  'metadata',
  'id',
  'origin',
]);

/** Hashes and notes of entries that the trail makes for itself: they are for the verifier. */
const FOR_VERIFIER = new Set(['chain', 'root', 'frontier', 'handovers', 'note']);

/** `17 2025-10-08 18:30:45.123 INFO audit.users Role changed action=user_role_changed outcome=success actor=ann` */
export function entryText({ seq, kind, data }: TrailEntry, options: EntryLayoutOptions): string {
  const { timestamp, level, logger, message, action, outcome, reason, actor, targets } = data;
  const { metadata, ...rest } = data;
  const isRecord = kind === 'record' || kind === 'intent';
  const spans: Span[] = [
    { text: String(seq), style: 'key' },
    SPACE,
    { text: visible(timeOf(String(timestamp), options.clock)), style: 'time' },
    SPACE,
    ...(kind === 'record' ? [] : [{ text: kind, style: 'gap' } as const, SPACE]),
    ...word(level, LEVELS[String(level)] ?? 'emphasis'),
    ...word(logger, 'audit'),
    ...(typeof message === 'string' ? [colouredSpan(message, 'message')] : []),
    ...field('action', action, 'audit'),
    ...field('outcome', outcome, outcome === 'success' ? 'value' : 'emphasis'),
    ...field('reason', reason, 'value'),
    ...field('actor', idOf(actor), 'value'),
    ...field('targets', Array.isArray(targets) ? targets.map(idOf).join(',') : targets, 'value'),
    ...fields(isPlain(metadata) ? metadata : { metadata: metadata! }),
    ...fields(
      Object.fromEntries(
        Object.entries(rest).filter(([name]) => !PLACED.has(name) && (isRecord || !FOR_VERIFIER.has(name))),
      ),
    ),
  ];
  return layout(spans, { width: options.width(), indent: INDENT, paint: options.paint });
}

/** With the day: a trail spans years. */
function timeOf(timestamp: string, clock: Clock): string {
  const day = clock.day(new Date(timestamp));
  return day === undefined ? timestamp : `${day} ${clock.time(timestamp)}`;
}

function word(value: PlainValue | undefined, style: Style): Span[] {
  return typeof value === 'string' && value !== ''
    ? [{ text: visible(value), style, whole: true }, SPACE]
    : [];
}

function fields(of: PlainObject): Span[] {
  return Object.entries(of).flatMap(([name, value]) => field(name, value, 'value'));
}

function field(name: string, value: unknown, style: Style): Span[] {
  if (value === undefined || value === null) return [];
  return fieldSpans(name, value, style, (span) => [span]);
}

/** Of an actor or a target that has no more than an id: that. */
function idOf(value: unknown): unknown {
  return isPlain(value) && Object.keys(value).length === 1 && typeof value['id'] === 'string'
    ? value['id']
    : isPlain(value)
      ? JSON.stringify(value)
      : value;
}

function isPlain(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
