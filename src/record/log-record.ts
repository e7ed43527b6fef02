import { type StoryFields } from '../wire/story-fields.js';
import { type AuditOrigin } from '../wire/audit-origin.js';
import { type LogCategory } from '../wire/category.js';
import { type LogLevel } from '../wire/level.js';
import { type PlainError } from '../wire/plain-error.js';
import { type PlainObject } from '../wire/plain-value.js';

/**
 * One record of the stream, fixed when it was logged: all values in it are plain JSON values.
 *
 * @publicApi
 */
export interface LogRecord {
  /** Position in this process's stream, from 1, without holes. */
  readonly seq: number;
  readonly category: LogCategory;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** {@link time} as UTC, ISO 8601, with milliseconds. */
  readonly timestamp: string;
  readonly level: LogLevel;
  /** Nest's context, `root` when there is none. */
  readonly logger: string;
  readonly message: string;
  /** File name of the caller, without directory and extension. System records only. */
  readonly module?: string;
  /** Function of the caller. System records only. */
  readonly function?: string;
  /** Line of the caller, from 1. System records only. */
  readonly line?: number;
  /** What was done, as `instance_spawn`. Audit records only. */
  readonly action?: unknown;
  /** Details of the action. Audit records only. */
  readonly metadata?: unknown;
  readonly error?: PlainError;
  /** All other fields, under the names that they have on the wire. */
  readonly extra: PlainObject;
  /** True when a text was cut or a value left out for its size; see `RECORD_LIMITS`. */
  readonly truncated: boolean;
  /** UUIDv7. Audit records only. */
  readonly id?: string;
  /** What made this an audit record. Audit records only. */
  readonly origin?: AuditOrigin;
  /**
   * The request or message that it was logged in. Extended clients and the trail have its fields beside the others;
   * an extra field of the same name stands in place of one.
   */
  readonly story?: StoryFields;
}

/** A {@link LogRecord} before the stream gave it its position. */
export type UnpublishedRecord = Omit<LogRecord, 'seq' | 'timestamp'>;

/** All fields of a record, none of which is left out: the compiler then asks for each of them. */
type Whole<T> = { readonly [K in keyof Required<T>]: T[K] };

/**
 * The one object that a record is, from the builder to the history: a second one, made to add the position, would be a
 * tenth of a log call.
 */
export class StreamRecord implements Whole<LogRecord> {
  #text: string | undefined;
  readonly category: LogCategory;
  readonly time: number;
  readonly level: LogLevel;
  readonly logger: string;
  readonly message: string;
  readonly module: string | undefined;
  readonly function: string | undefined;
  readonly line: number | undefined;
  readonly action: unknown;
  readonly metadata: unknown;
  readonly error: PlainError | undefined;
  readonly extra: PlainObject;
  readonly truncated: boolean;
  readonly id: string | undefined;
  readonly origin: AuditOrigin | undefined;
  readonly story: StoryFields | undefined;

  constructor(
    record: UnpublishedRecord,
    /** 0 until the stream gives the record its position. */
    public seq = 0,
  ) {
    this.category = record.category;
    this.time = record.time;
    this.level = record.level;
    this.logger = record.logger;
    this.message = record.message;
    this.module = record.module;
    this.function = record.function;
    this.line = record.line;
    this.action = record.action;
    this.metadata = record.metadata;
    this.error = record.error;
    this.extra = record.extra;
    this.truncated = record.truncated;
    this.id = record.id;
    this.origin = record.origin;
    this.story = record.story;
  }

  /**
   * The text of the record in the one form that all who are given it share, written at most once: it goes when the record
   * goes.
   */
  written(write: (record: LogRecord) => string): string {
    return (this.#text ??= write(this));
  }

  get timestamp(): string {
    return new Date(this.time).toISOString();
  }
}
