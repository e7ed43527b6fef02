import { type LogLevel, type RecordItem } from '../../client/index.js';
import { more } from '../cli.messages.js';
import { type Clock } from '../terminal/clock.js';
import { colouredSpan } from '../terminal/coloured-span.js';
import { columnsOf, ending } from '../terminal/columns.js';
import { layout, type Span } from '../terminal/layout.js';
import { type Paint } from '../terminal/paint.js';
import { visible } from '../terminal/visible-text.js';
import { errorSpans, headOf } from './error-spans.js';
import { fieldSpans, type Shorten } from './field-spans.js';
import { fieldsOf } from './record-fields.js';

const LEVELS: Readonly<Record<LogLevel, string>> = {
  DEBUG: 'DEBUG',
  INFO: 'INFO ',
  WARNING: 'WARN ',
  ERROR: 'ERROR',
  CRITICAL: 'CRIT ',
};

/** Most characters of one text, unless all of it is asked for: a record may hold 64 KiB in one line. */
const LONGEST = 1_000;

/** Part of the width that names of loggers may take at most. */
const LOGGER_SHARE = 0.25;
const WIDEST_LOGGER = 24;

/** From here on there is room for what goes on behind a line below its message, not below its time. */
const WIDE = 90;
const NARROW_INDENT = 4;

const SPACE: Span = { text: ' ', style: 'message' };

export interface RecordLayoutOptions {
  readonly paint: Paint;
  readonly clock: Clock;
  /** Columns of the terminal at this moment; `undefined` where there is none, and nothing is wrapped. */
  readonly width: () => number | undefined;
  /** Not to shorten anything. */
  readonly full: boolean;
}

/** Shows records as lines, aligned with those before. */
export class RecordLayout {
  /** Columns of the longest name of a logger so far, within its bound. */
  private loggerColumns = 0;

  constructor(private readonly options: RecordLayoutOptions) {}

  text(item: RecordItem): string {
    const { paint, clock } = this.options;
    const width = this.options.width();
    const { data } = item;
    const { error, level } = data;
    const time = visible(clock.time(data.timestamp));
    // What else a server calls a level is shown as it is.
    const known = Object.hasOwn(LEVELS, level);
    const shownLevel = known ? LEVELS[level] : visible(String(level));
    const logger = this.logger(visible(data.logger), width);
    const narrow = width !== undefined && width < WIDE;
    // `logger.error(error)`: what the error says of itself is the message, and the name of the error.
    const message = error && headOf(error).endsWith(`: ${data.message}`) ? headOf(error) : data.message;
    const spans: Span[] = [
      { text: time, style: 'time' },
      SPACE,
      { text: shownLevel, style: known ? level : 'emphasis' },
      SPACE,
      { text: logger, style: item.type === 'audit_log' ? 'audit' : 'logger', whole: true },
      SPACE,
      ...this.shorten(colouredSpan(message, isSevere(level) ? 'emphasis' : 'message')),
      ...this.action(item),
      ...fieldsOf(item).flatMap(([name, value]) => fieldSpans(name, value, 'value', this.shorten)),
      ...caller(item),
      ...(error ? errorSpans(error, message, this.shorten) : []),
    ];
    const indent = narrow ? NARROW_INDENT : columnsOf(`${time} ${shownLevel} ${logger} `);
    return layout(spans, { width, indent, paint });
  }

  /** Keeps the end of a name that is too long: that is where names differ. */
  private logger(name: string, width = Number.POSITIVE_INFINITY): string {
    const most = Math.min(WIDEST_LOGGER, Math.floor(width * LOGGER_SHARE));
    const columns = columnsOf(name);
    this.loggerColumns = Math.min(most, Math.max(this.loggerColumns, columns));
    const fits = columns <= this.loggerColumns || width === Number.POSITIVE_INFINITY;
    const shown = fits ? name : `…${ending(name, this.loggerColumns - 1)}`;
    return shown + ' '.repeat(Math.max(0, this.loggerColumns - columnsOf(shown)));
  }

  private action({ type, data }: RecordItem): Span[] {
    if (type === 'system_log' || data.action === undefined) return [];
    return fieldSpans('action', data.action, 'audit', this.shorten);
  }

  private readonly shorten: Shorten = (span) => {
    const rest = span.text.length - LONGEST;
    if (this.options.full || this.options.width() === undefined || rest <= 0) return [span];
    return [
      { ...span, text: span.text.slice(0, LONGEST) },
      { text: ` ${more(rest)}`, style: 'faint' },
    ];
  };
}

function isSevere(level: LogLevel): boolean {
  return level === 'ERROR' || level === 'CRITICAL';
}

function caller(item: RecordItem): Span[] {
  if (item.type === 'audit_log') return [];
  const { module, function: name, line } = item.data;
  const place = [module, name, line].filter((part) => part !== undefined).join(':');
  return place ? [{ text: ` ${visible(place)}`, style: 'faint', whole: true }] : [];
}
