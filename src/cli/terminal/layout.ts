import { type AnsiRun, type AnsiStyle } from '../../wire/ansi.js';
import { columnsOf, pieces } from './columns.js';
import { type Paint, type Style } from './paint.js';
import { parts } from './word-parts.js';

/** Text of one style; a line feed ends a line. */
export interface Span {
  readonly text: string;
  readonly style: Style;
  /** What of it was logged in which colour. */
  readonly runs?: readonly AnsiRun[];
  /** Goes to the next line as a whole, where it fits there. */
  readonly whole?: boolean;
  /** Columns of what must stand behind it in the same line. */
  readonly room?: number;
  /** Columns before the lines that begin in it, or behind it. */
  readonly indent?: number;
}

/** How to lay out a record. */
export interface LayoutOptions {
  /** Columns; without it nothing is wrapped. */
  readonly width?: number | undefined;
  /** Columns before all lines but the first. */
  readonly indent: number;
  readonly paint: Paint;
}

/** Fewest columns behind an indentation: below that the text would stand in a strip at the edge. */
const NARROWEST = 16;

/** Lays out spans as lines, wrapped at words, with what goes on behind a line indented. */
export function layout(spans: readonly Span[], options: LayoutOptions): string {
  const writer = new LineWriter(options);
  for (const span of spans) {
    if (span.indent !== undefined) writer.indent = span.indent;
    let start = 0;
    for (const [index, line] of span.text.split('\n').entries()) {
      if (index > 0) writer.feed();
      const words = span.whole ? [{ 0: line, index: 0 }] : line.matchAll(/\s*\S+|\s+$/g);
      for (const word of words) writer.put(word[0], span, start + word.index);
      start += line.length + 1;
    }
  }
  return writer.end();
}

class LineWriter {
  private readonly lines: string[] = [];
  private line = '';
  private column = 0;
  private readonly width: number;
  private readonly paint: Paint;
  private columns = 0;

  constructor({ width = Number.POSITIVE_INFINITY, indent, paint }: LayoutOptions) {
    this.width = width;
    this.paint = paint;
    this.indent = indent;
  }

  set indent(columns: number) {
    this.columns =
      this.width - columns < NARROWEST ? Math.max(0, Math.min(2, this.width - NARROWEST)) : columns;
  }

  /** @param at where in the text of the span the word stands */
  put(word: string, span: Span, at: number): void {
    const columns = columnsOf(word);
    if (this.column + columns + (span.room ?? 0) <= this.width) return this.write(word, columns, span, at);
    // The blank that parts two words is the end of the line now.
    const rest = this.started ? word.trimStart() : word;
    if (this.started) this.feed();
    let place = at + word.length - rest.length;
    for (const part of parts(rest)) {
      this.putPart(part, span, place);
      place += part.length;
    }
  }

  feed(): void {
    this.lines.push(this.line);
    this.line = ' '.repeat(this.columns);
    this.column = this.columns;
  }

  end(): string {
    return [...this.lines, this.line].map((line) => `${line.trimEnd()}\n`).join('');
  }

  /** Whether something stands in the line. */
  private get started(): boolean {
    return this.column > this.columns || this.lines.length === 0;
  }

  private putPart(part: string, span: Span, at: number): void {
    if (this.column + columnsOf(part) > this.width && this.column > this.columns) this.feed();
    let place = at;
    for (const piece of pieces(part, Math.max(1, this.width - this.column))) {
      const own = columnsOf(piece);
      if (this.column + own > this.width && this.started) this.feed();
      this.write(piece, own, span, place);
      place += piece.length;
    }
  }

  private write(text: string, columns: number, { style, runs = [] }: Span, at: number): void {
    for (const [piece, colours] of coloured(text, runs, at)) this.line += this.paint(style, piece, colours);
    this.column += columns;
  }
}

/** Cuts a text where its colour changes. */
function* coloured(
  text: string,
  runs: readonly AnsiRun[],
  at: number,
): Generator<readonly [piece: string, colours?: AnsiStyle]> {
  let from = 0;
  for (const { start, end, style } of runs) {
    const [first, last] = [Math.max(from, start - at), Math.min(text.length, end - at)];
    if (first >= last) continue;
    if (first > from) yield [text.slice(from, first)];
    yield [text.slice(first, last), style];
    from = last;
  }
  if (from < text.length) yield [text.slice(from)];
}
