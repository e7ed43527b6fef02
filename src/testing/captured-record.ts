import { type LogRecord } from '../record/log-record.js';
import { type LogCategory } from '../wire/category.js';
import { RecordText } from '../monitor/protocol/record-text.js';

/**
 * A record as a plain client of the monitor gets it (the `data` of its frame), as a plain object: a diff prints it
 * well, and `toEqual`, `toMatchObject` and `expect.objectContaining` take it.
 *
 * @publicApi
 */
export interface CapturedRecord extends Pick<
  LogRecord,
  'level' | 'logger' | 'message' | 'module' | 'function' | 'line' | 'error'
> {
  /** UTC, ISO 8601, with milliseconds. Missing where `omit` names it. */
  readonly timestamp?: string;
  /** All other fields; `action` and `metadata` of an audit record among them. */
  readonly [field: string]: unknown;
}

/** A record and the category that its frame on the wire would name. */
export interface CapturedEntry {
  readonly category: LogCategory;
  readonly record: CapturedRecord;
}

/** Makes captured records of one stream's records. */
export class RecordPrinter {
  /** What clients are written: a test sees what they see, to the last field. */
  private readonly text = new RecordText();
  private readonly omitted: readonly (readonly string[])[];

  /** @param omit fields to leave out, a dot leads into an object */
  constructor(omit: readonly string[] = []) {
    this.omitted = omit.map((path) => path.split('.'));
  }

  entryOf(record: LogRecord): CapturedEntry {
    const plain = JSON.parse(`{${this.text.fields(record)}}`) as CapturedRecord;
    for (const path of this.omitted) remove(plain, path);
    return { category: record.category, record: plain };
  }
}

function remove(target: unknown, [name, ...rest]: readonly string[]): void {
  if (typeof target !== 'object' || target === null || name === undefined) return;
  if (rest.length > 0) remove((target as Record<string, unknown>)[name], rest);
  else delete (target as Record<string, unknown>)[name];
}
