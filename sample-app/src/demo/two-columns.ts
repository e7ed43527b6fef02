import { type WriteStream } from 'node:tty';
import { styleText } from 'node:util';
import { type Line } from './record-lines.js';
import { printable, truncate } from './text.js';

const WIDTH_WITHOUT_TERMINAL = 120;
/** Records of one moment stand beside each other. */
const MOMENT_MS = 120;
const GUTTER = ' │ ';

/** Part of the terminal's rows that one moment of one column may take: the other is to be seen beside it. */
const SHARE_OF_ROWS = 1 / 3;
const ROWS_WITHOUT_TERMINAL = 30;

/** Prints two streams of lines side by side, fitted to the terminal. */
export class TwoColumns {
  private readonly waiting = { left: [] as Line[], right: [] as Line[] };
  private readonly colours: boolean;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly out: WriteStream,
    leftTitle: string,
    rightTitle: string,
    /** Called when nobody reads it any more, as `head` when it has its lines. */
    closed: () => void,
  ) {
    out.on('error', (error: NodeJS.ErrnoException) => {
      // A pipe breaks; a socket, as Node gives its children, is reset.
      if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') throw error;
      closed();
    });
    // `hasColors` knows NO_COLOR and FORCE_COLOR.
    this.colours = out.isTTY && out.hasColors();
    this.print({ text: leftTitle, style: 'bold' }, { text: rightTitle, style: 'bold' });
    this.print({ text: '─'.repeat(this.columnWidth) }, { text: '─'.repeat(this.columnWidth) }, '─┼─');
  }

  get columnWidth(): number {
    return Math.max(30, Math.floor((this.width - GUTTER.length) / 2));
  }

  add(side: 'left' | 'right', lines: readonly Line[]): void {
    this.waiting[side].push(...lines);
    this.timer ??= setTimeout(() => this.flush(), MOMENT_MS);
  }

  /** A line across both columns. */
  note(text: string): void {
    this.flush();
    this.out.write(`${this.paint({ text: truncate(printable(text), this.width), style: 'bold' })}\n`);
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const left = this.fitted(this.waiting.left);
    const right = this.fitted(this.waiting.right);
    for (let index = 0; index < Math.max(left.length, right.length); index++) {
      this.print(left[index], right[index]);
    }
    this.waiting.left = [];
    this.waiting.right = [];
  }

  /** The newest, where there are more lines than the moment may take. */
  private fitted(lines: readonly Line[]): readonly Line[] {
    const most = Math.max(4, Math.floor((this.out.rows ?? ROWS_WITHOUT_TERMINAL) * SHARE_OF_ROWS));
    const over = lines.length - most + 1;
    if (over <= 1) return lines;
    const note: Line = { text: truncate(`  … ${over} more lines`, this.columnWidth), style: 'dim' };
    return [note, ...lines.slice(over)];
  }

  private get width(): number {
    return this.out.columns ?? WIDTH_WITHOUT_TERMINAL;
  }

  private print(left: Line = { text: '' }, right: Line = { text: '' }, gutter = GUTTER): void {
    const padding = ' '.repeat(Math.max(0, this.columnWidth - [...left.text].length));
    this.out.write(`${this.paint(left)}${padding}${gutter}${this.paint(right)}\n`);
  }

  private paint({ text, style }: Line): string {
    return this.colours && style ? styleText(style, text, { validateStream: false }) : text;
  }
}
