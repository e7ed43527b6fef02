import { type LogStreamItem, type RecordItem } from '../../client/index.js';
import * as messages from '../cli.messages.js';
import { layout } from '../terminal/layout.js';
import { visible, visibleJson } from '../terminal/visible-text.js';
import { RecordLayout, type RecordLayoutOptions } from './record-layout.js';

/** Turns items into what is written. */
export interface TailLines {
  text(item: LogStreamItem): string;
}

/** One JSON object in a line, the same value as on the wire. */
export const jsonLines: TailLines = {
  text: (item) => `${visibleJson(JSON.stringify(item))}\n`,
};

/** Lines to read, with a line for every gap and every new day. */
export class ReadableLines implements TailLines {
  private readonly records: RecordLayout;
  private day: string | undefined;

  constructor(
    private readonly options: RecordLayoutOptions,
    now: Date = new Date(),
  ) {
    this.records = new RecordLayout(options);
    this.day = options.clock.day(now);
  }

  text(item: LogStreamItem): string {
    if (item.type === 'gap') return this.note(messages.skipped(item));
    if (item.type === 'lost') return this.note(messages.lost(item));
    return this.newDay(item) + this.records.text(item);
  }

  /** Lines show the time only. */
  private newDay({ data }: RecordItem): string {
    const day = this.options.clock.day(new Date(data.timestamp));
    if (day === undefined || day === this.day) return '';
    this.day = day;
    return `${this.options.paint('faint', `-- ${day}`)}\n`;
  }

  private note(text: string): string {
    const { paint, width } = this.options;
    return layout([{ text: `-- ${visible(text)}`, style: 'gap' }], { width: width(), indent: 3, paint });
  }
}
