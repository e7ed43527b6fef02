import { type PlainError } from '../../client/index.js';
import { withoutColours } from '../../wire/ansi.js';
import { colouredSpan } from '../terminal/coloured-span.js';
import { type Span } from '../terminal/layout.js';
import { visibleLines } from '../terminal/visible-text.js';
import { fieldSpans, type Shorten } from './field-spans.js';

/** Columns before a trace: less than before other lines, for its own are long. */
const INDENT = 4;

/** Frames that are not of the application. */
const FOREIGN = /\bnode:|\bnode_modules\b/;

/** What an error says of itself, without its trace: `TypeError: ...`. */
export function headOf({ name, message, stack }: PlainError): string {
  const head = `${name}: ${message}`;
  // The stack of an error of several lines starts with all of them.
  return typeof stack === 'string' && !stack.startsWith(head) ? stack.split('\n', 1)[0]! : head;
}

/**
 * The trace of an error, its own fields and its causes, in lines of their own.
 *
 * @param said what stands before, so that it is not said again
 */
export function errorSpans(error: PlainError, said: string, shorten: Shorten): Span[] {
  const { name: _name, message: _message, stack, cause, ...own } = error;
  const head = headOf(error);
  const rest = typeof stack === 'string' && stack.startsWith(head) ? stack.slice(head.length) : '';
  const fields = Object.entries(own).flatMap(([name, value]) => fieldSpans(name, value, 'value', shorten));
  return [
    ...(head === said ? [] : [feed(INDENT), ...shorten(colouredSpan(head, 'ERROR'))]),
    ...(head === said && fields.length > 0 ? [feed(INDENT - 1)] : []),
    ...fields,
    ...visibleLines(withoutColours(rest)).split('\n').filter(Boolean).flatMap(frame),
    ...causeSpans(cause, shorten),
  ];
}

function causeSpans(cause: PlainError['cause'], shorten: Shorten): Span[] {
  if (cause === undefined) return [];
  const caption: Span[] = [feed(INDENT), { text: 'caused by', style: 'faint' }];
  return isError(cause)
    ? [...caption, ...errorSpans(cause, '', shorten)]
    : [...caption, ...fieldSpans('cause', cause, 'value', shorten)];
}

function isError(cause: unknown): cause is PlainError {
  return typeof cause === 'object' && cause !== null && 'name' in cause && 'message' in cause;
}

/** What goes on behind the line stands deeper than the next frame. */
function frame(line: string): Span[] {
  const style = FOREIGN.test(line) ? 'faint' : 'value';
  return [feed(INDENT), { text: `  ${line.trim()}`, style, indent: INDENT + 4 }];
}

function feed(indent: number): Span {
  return { text: '\n', style: 'value', indent };
}
