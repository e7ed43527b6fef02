import { type FrameData, type Level } from './frame.js';
import { printable, truncate, wrap } from './text.js';

export type Style = 'dim' | 'cyan' | 'yellow' | 'red' | 'bold';

/** One line of a column, no wider than it. */
export interface Line {
  readonly text: string;
  readonly style?: Style;
}

const LEVELS: Readonly<Record<Level, { readonly label: string; readonly style: Style }>> = {
  DEBUG: { label: 'DEBUG', style: 'dim' },
  INFO: { label: 'INFO ', style: 'cyan' },
  WARNING: { label: 'WARN ', style: 'yellow' },
  ERROR: { label: 'ERROR', style: 'red' },
  CRITICAL: { label: 'CRIT ', style: 'red' },
};

/** Lines of a message: a long one must not push both columns off the screen. */
const MESSAGE_LINES = 2;

/** Lines of small print that a record may take. */
const SMALL_PRINT_LINES = 2;

/** Fields that the first line shows, or that say nothing new beside it. */
const SHOWN = new Set(['timestamp', 'level', 'logger', 'message', 'action', 'metadata', 'request_id']);
const PLACE = new Set(['module', 'function', 'line']);
/** What an audit record says about itself rather than about what was done. */
const ENVELOPE = new Set(['id', 'origin', 'request', 'event_type', 'targets', 'actor']);

/** A record as it stands in its column: when, how bad and what; below, in small print, where and with what. */
export function linesOf(record: FrameData, width: number): Line[] {
  const time = new Date(record.timestamp).toTimeString().slice(0, 8);
  const { label, style } = LEVELS[record.level];
  const head = `${time} ${label} `;
  const message = record.action ? `${record.action}: ${record.message}` : record.message;
  const lines = wrap(printable(message), width - head.length);
  const [first = '', ...rest] =
    lines.length > MESSAGE_LINES
      ? [...lines.slice(0, MESSAGE_LINES - 1), truncate(`${lines[MESSAGE_LINES - 1]}…`, width - head.length)]
      : lines;
  return [
    { text: head + first, style },
    ...rest.map((text) => ({ text: ' '.repeat(head.length) + text, style })),
    ...wrap(printable(smallPrint(record)), width - 2)
      .slice(0, SMALL_PRINT_LINES)
      .map((text): Line => ({ text: `  ${text}`, style: 'dim' })),
  ];
}

function smallPrint(record: FrameData): string {
  const place =
    record.module &&
    [record.module, record.function, record.line].filter((part) => part !== undefined).join(':');
  const extra = Object.entries(record).filter(
    ([name]) => !SHOWN.has(name) && !PLACE.has(name) && !(record.action && ENVELOPE.has(name)),
  );
  const fields = { ...record.metadata, ...Object.fromEntries(extra) };
  const texts = Object.entries(fields).map(([name, value]) => `${name}=${valueText(value)}`);
  return [record.logger, place, ...texts].filter(Boolean).join(' ');
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  // An error of a record: its stack would fill the screen.
  const message = typeof value === 'object' && value !== null && 'message' in value && value.message;
  return message ? String(message) : JSON.stringify(value);
}
