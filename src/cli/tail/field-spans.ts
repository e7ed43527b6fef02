import { withoutColours } from '../../wire/ansi.js';
import { colouredSpan } from '../terminal/coloured-span.js';
import { columnsOf } from '../terminal/columns.js';
import { type Span } from '../terminal/layout.js';
import { visible } from '../terminal/visible-text.js';

/** Shortens a text that is too long to be shown. */
export type Shorten = (span: Span) => readonly Span[];

/** Columns of a value that is rather moved to the next line than broken. */
const LONGEST_WHOLE = 40;

/** Values that need no quotes to be told from what follows. */
const BARE = /^[^\s"=]+$/;

/** ` name=value` */
export function fieldSpans(name: string, value: unknown, style: Span['style'], shorten: Shorten): Span[] {
  const span = valueSpan(value, style);
  const columns = columnsOf(span.text);
  const whole = columns <= LONGEST_WHOLE;
  return [
    { text: ` ${visible(name)}=`, style: 'key', whole: true, room: whole ? columns : 1 },
    ...(whole ? [{ ...span, whole }] : shorten(span)),
  ];
}

function valueSpan(value: unknown, style: Span['style']): Span {
  if (typeof value !== 'string') return { text: visible(JSON.stringify(value) ?? ''), style };
  const text = withoutColours(value);
  // Without blanks it has no line feeds either.
  return BARE.test(text) ? colouredSpan(value, style) : { text: visible(JSON.stringify(text)), style };
}
