import { columnsOf } from '../terminal/columns.js';
import { type Span } from '../terminal/layout.js';
import { visible } from '../terminal/visible-text.js';

/** Shortens a text that is too long to be shown. */
export type Shorten = (text: string, style: Span['style']) => readonly Span[];

/** Columns of a value that is rather moved to the next line than broken. */
const LONGEST_WHOLE = 40;

/** Values that need no quotes to be told from what follows. */
const BARE = /^[^\s"=]+$/;

/** ` name=value` */
export function fieldSpans(name: string, value: unknown, style: Span['style'], shorten: Shorten): Span[] {
  const json = JSON.stringify(value) ?? '';
  const text = visible(typeof value === 'string' && BARE.test(value) ? value : json);
  const columns = columnsOf(text);
  const whole = columns <= LONGEST_WHOLE;
  return [
    { text: ` ${visible(name)}=`, style: 'key', whole: true, room: whole ? columns : 1 },
    ...(whole ? [{ text, style, whole }] : shorten(text, style)),
  ];
}
