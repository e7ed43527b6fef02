import { NEST_LOG_LEVELS, type CallerLocation, type NestLogLevel } from '../../record/log-call.js';
import { type RawLine, type Scalar } from '../../record/raw-line.js';
import { type StoryMark } from '../../story/story-mark.js';
import { type ByteRing } from './byte-ring.js';
import { InternTable } from './intern-table.js';
import { isNarrow, readText, textBytes, writeText } from './ring-text.js';
import { LAYOUT, MARK } from './span-layout.js';

/** Lines with more are not what an application logs thousands of a second: they are built at once. */
const MOST = {
  characters: 4_096,
  fields: 32,
  loggers: 4_096,
  names: 4_096,
  nameLength: 64,
  callers: 16_384,
} as const;

/** What a field holds, and the bytes of it before the texts: its name, this tag, a number or the length of a text. */
const TAG = { null: 0, false: 1, true: 2, number: 3, text: 4 } as const;
const FIELD_BYTES = { name: 2, tag: 1, number: 8, length: 2 } as const;
const MOST_FIELD_BYTES = FIELD_BYTES.name + FIELD_BYTES.tag + FIELD_BYTES.number;

const LEVEL_NUMBERS = Object.fromEntries(NEST_LOG_LEVELS.map((level, index) => [level, index])) as Record<
  NestLogLevel,
  number
>;

/** A call of a logger, as far as it is looked at here. */
export interface LineParts {
  readonly level: NestLogLevel;
  readonly context: string | undefined;
  readonly message: string;
}

/**
 * Writes log calls into the ring as they were made, and reads them back.
 *
 * Behind the head of the span stand the fields, and behind them all texts in one piece: it is the number of writes into
 * a buffer that costs, not their length.
 */
export class LineCodec {
  private readonly loggers = new InternTable<string | undefined>(MOST.loggers);
  private readonly names = new InternTable<string>(MOST.names);
  private readonly callers = new InternTable<CallerLocation | undefined>(MOST.callers);
  /** Of the line that is being written; kept, so that nothing is allocated for each. */
  private readonly numbers: number[] = [];
  private readonly values: Scalar[] = [];
  private count = 0;
  private text = '';
  private collecting = false;

  constructor(private readonly ring: ByteRing) {
    // What most lines have none of is number 0.
    this.loggers.numberOf(undefined);
    this.callers.numberOf(undefined);
  }

  /** @returns whether it was written; a line with anything in it that is not fixed, or too large, is not */
  write(
    { level, context, message }: LineParts,
    fields: Readonly<Record<string, unknown>> | undefined,
    caller: CallerLocation | undefined,
    time: number,
    story?: StoryMark,
  ): boolean {
    const came = story?.came;
    // A getter that logs: its line is another one, and must not mix with this one.
    if (this.collecting) return false;
    this.count = 0;
    this.text = message;
    if (fields !== undefined && !this.collectFrom(fields)) return false;
    const own = this.count;
    if (came !== undefined && !this.collect(came)) return false;
    if (context !== undefined && context.length > MOST.nameLength) return false;
    if (this.text.length > MOST.characters) return false;
    const logger = this.loggers.numberOf(context);
    const site = this.callers.numberOf(caller);
    if (logger < 0 || site < 0) return false;
    const narrow = isNarrow(this.text);
    const bytes = textBytes(this.text.length, narrow);
    const offset = this.ring.reserve(LAYOUT.head + this.count * MOST_FIELD_BYTES + bytes);
    const { view, buffer } = this.ring;
    view.setUint8(offset + LAYOUT.flags, narrow ? LAYOUT.narrow : 0);
    view.setUint8(offset + LAYOUT.level, LEVEL_NUMBERS[level]);
    view.setUint8(offset + LAYOUT.fields, this.count);
    view.setUint8(offset + LAYOUT.came, this.count - own);
    view.setFloat64(offset + LAYOUT.story, story === undefined ? 0 : story.number);
    view.setUint16(offset + LAYOUT.logger, logger);
    view.setUint16(offset + LAYOUT.caller, site);
    view.setUint16(offset + LAYOUT.length, message.length);
    view.setFloat64(offset + LAYOUT.time, time);
    const start = this.count === 0 ? offset + LAYOUT.head : this.writeFields(view, offset + LAYOUT.head);
    writeText(buffer, this.text, start, narrow);
    this.ring.commit(offset, start + bytes - offset, MARK.system);
    return true;
  }

  read(offset: number, size: number, flags: number): RawLine {
    const { view, buffer } = this.ring;
    const narrow = (flags & LAYOUT.narrow) !== 0;
    const count = view.getUint8(offset + LAYOUT.fields);
    const own = count - view.getUint8(offset + LAYOUT.came);
    const fields: Record<string, Scalar> | undefined = own === 0 ? undefined : {};
    const came: Record<string, Scalar> | undefined = own === count ? undefined : {};
    const story = view.getFloat64(offset + LAYOUT.story);
    const start = this.fieldsEnd(view, offset + LAYOUT.head, count);
    const text = readText(buffer, start, offset + size, narrow);
    const length = view.getUint16(offset + LAYOUT.length);
    if (count > 0) {
      const into = (index: number): Record<string, Scalar> => (index < own ? fields : came)!;
      this.readFields(view, offset + LAYOUT.head, count, text, length, into);
    }
    return {
      time: view.getFloat64(offset + LAYOUT.time),
      level: NEST_LOG_LEVELS[view.getUint8(offset + LAYOUT.level)]!,
      context: this.loggers.valueOf(view.getUint16(offset + LAYOUT.logger)),
      message: text.slice(0, length),
      fields,
      caller: this.callers.valueOf(view.getUint16(offset + LAYOUT.caller)),
      // What came holds texts alone, as it was written.
      story: story === 0 ? undefined : { number: story, came: came as StoryMark['came'] },
    };
  }

  private collectFrom(fields: Readonly<Record<string, unknown>>): boolean {
    this.collecting = true;
    try {
      return this.collect(fields);
    } finally {
      this.collecting = false;
    }
  }

  /** @returns false when one of them may still change, or would be lost */
  private collect(fields: Readonly<Record<string, unknown>>): boolean {
    const keys = Object.keys(fields);
    if (keys.length > MOST.fields) return false;
    for (const key of keys) {
      const value = fields[key];
      // The builder leaves such a field out, too.
      if (value === undefined) continue;
      const isScalar =
        value === null ||
        typeof value === 'string' ||
        typeof value === 'number' ||
        typeof value === 'boolean';
      // An assignment to `__proto__` would not make a field when the line is read.
      if (!isScalar || key.length > MOST.nameLength || key === '__proto__') return false;
      const number = this.names.numberOf(key);
      if (number < 0) return false;
      this.numbers[this.count] = number;
      this.values[this.count] = value;
      this.count += 1;
      if (typeof value === 'string') this.text += value;
    }
    return true;
  }

  private writeFields(view: DataView, start: number): number {
    let at = start;
    for (let index = 0; index < this.count; index++) {
      const value = this.values[index]!;
      view.setUint16(at, this.numbers[index]!);
      at += FIELD_BYTES.name;
      view.setUint8(at, tagOf(value));
      at += FIELD_BYTES.tag;
      if (typeof value === 'number') {
        view.setFloat64(at, value);
        at += FIELD_BYTES.number;
      } else if (typeof value === 'string') {
        view.setUint16(at, value.length);
        at += FIELD_BYTES.length;
      }
    }
    return at;
  }

  private fieldsEnd(view: DataView, start: number, count: number): number {
    let at = start;
    for (let index = 0; index < count; index++) {
      const tag = view.getUint8(at + FIELD_BYTES.name);
      at += FIELD_BYTES.name + FIELD_BYTES.tag;
      if (tag === TAG.number) at += FIELD_BYTES.number;
      else if (tag === TAG.text) at += FIELD_BYTES.length;
    }
    return at;
  }

  private readFields(
    view: DataView,
    start: number,
    count: number,
    text: string,
    textStart: number,
    into: (index: number) => Record<string, Scalar>,
  ): void {
    let at = start;
    let from = textStart;
    for (let index = 0; index < count; index++) {
      const name = this.names.valueOf(view.getUint16(at));
      const fields = into(index);
      const tag = view.getUint8(at + FIELD_BYTES.name);
      at += FIELD_BYTES.name + FIELD_BYTES.tag;
      if (tag === TAG.number) {
        fields[name] = view.getFloat64(at);
        at += FIELD_BYTES.number;
      } else if (tag === TAG.text) {
        const length = view.getUint16(at);
        fields[name] = text.slice(from, from + length);
        from += length;
        at += FIELD_BYTES.length;
      } else {
        fields[name] = tag === TAG.null ? null : tag === TAG.true;
      }
    }
  }
}

function tagOf(value: Scalar): number {
  if (typeof value === 'string') return TAG.text;
  if (typeof value === 'number') return TAG.number;
  if (value === null) return TAG.null;
  return value ? TAG.true : TAG.false;
}
