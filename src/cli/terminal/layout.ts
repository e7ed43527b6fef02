import { columnsOf, pieces } from './columns.js';
import { type Paint, type Style } from './paint.js';

/** Text of one style; a line feed ends a line. */
export interface Span {
  readonly text: string;
  readonly style: Style;
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
  for (const { text, style, whole, room = 0, indent } of spans) {
    if (indent !== undefined) writer.indent = indent;
    text.split('\n').forEach((line, index) => {
      if (index > 0) writer.feed();
      for (const word of whole ? [line] : (line.match(/\s*\S+|\s+$/g) ?? [])) writer.put(word, style, room);
    });
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

  put(word: string, style: Style, room: number): void {
    const columns = columnsOf(word);
    if (this.column + columns + room <= this.width) return this.write(word, columns, style);
    // The blank that parts two words is the end of the line now.
    const rest = this.started ? word.trimStart() : word;
    if (this.started) this.feed();
    for (const piece of pieces(rest, Math.max(1, this.width - this.column))) {
      const own = columnsOf(piece);
      if (this.column + own > this.width && this.started) this.feed();
      this.write(piece, own, style);
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

  private write(text: string, columns: number, style: Style): void {
    this.line += this.paint(style, text);
    this.column += columns;
  }
}
