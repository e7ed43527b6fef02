import { Inject, Injectable, Optional } from '@nestjs/common';
import { AsyncLocalStorage } from 'node:async_hooks';
import { Stories } from '../story/stories.js';
import { storyFields } from '../story/current-story.js';
import { type StoryMark } from '../story/story-mark.js';
import { type AuditEnvelope, type CallerLocation, type LogCall } from './log-call.js';
import { LOG_STREAM_OPTIONS, type ResolvedLogStreamOptions } from '../options/resolved-options.js';
import { AuditFlagWarning, isMisread } from './audit-flag.js';
import { auditRule } from './categorize.js';
import { extraFields } from './extra-fields.js';
import { LEVEL_OF_NEST, nestLevelOf } from './level.js';
import { StreamRecord } from './log-record.js';
import { LoggerNames } from './logger-names.js';
import { errorOfStack } from './plain-error.js';
import { type PlainError } from '../wire/plain-error.js';
import { PlainWriter } from './plain-writer.js';
import { type PlainObject } from '../wire/plain-value.js';
import { type RawLine } from './raw-line.js';
import { type RecordInput } from './record-input.js';
import { RECORD_LIMITS } from './record-limits.js';
import { CONTEXT_IS_ASYNCHRONOUS, LINE_NOT_READ } from './record.messages.js';
import { RedactedCopy } from './redaction/redacted-copy.js';
import { Redaction } from './redaction/redaction.js';
import { SizeBudget } from './size-budget.js';
import { UuidV7 } from './record-id.js';

/** What was found of a call before: that it is of a system record, or that there is nothing to hide in it either. */
type KnownOfLine = 'system' | 'harmless';

const NO_FIELDS: PlainObject = Object.freeze({});

/** Turns a log call into a record without secrets, which no later change to a logged object can touch. */
@Injectable()
export class RecordBuilder {
  private context: ResolvedLogStreamOptions['context'];
  private readonly redaction: Redaction | undefined;
  private readonly loggers = new LoggerNames();
  private readonly ids = new UuidV7();
  private readonly flag = new AuditFlagWarning();
  private failed = 0;
  /** True in what the `context` option does, also later, as after an `await`. */
  private readonly asked = new AsyncLocalStorage<boolean>();

  constructor(
    @Inject(LOG_STREAM_OPTIONS) options: ResolvedLogStreamOptions,
    @Optional() @Inject(Stories) private readonly stories?: Stories,
  ) {
    this.context = options.context;
    this.redaction = Redaction.by(options.redact);
  }

  /** How often the `context` option threw. */
  get contextFailures(): number {
    return this.failed;
  }

  /**
   * Builds the record of a log call that this process made.
   *
   * @param time of the call, in milliseconds since the epoch
   */
  build(call: LogCall, caller?: CallerLocation, audit?: AuditEnvelope, time = Date.now()): StreamRecord {
    return this.compose(call, this.fieldsOf(call), caller, audit, time, undefined, this.story);
  }

  /** Builds the record of a line that has waited for somebody to read it. Never throws: its reader did not log it. */
  complete(line: RawLine, seq: number, isHarmless = false): StreamRecord {
    const record = this.attempt(line, isHarmless ? 'harmless' : 'system');
    record.seq = seq;
    return record;
  }

  private attempt(line: RawLine, known: KnownOfLine): StreamRecord {
    const { level: nestLevel, context, message: text, fields, caller, time, story } = line;
    const call = { level: nestLevel, context, message: text, text: String };
    try {
      return this.compose(call, fields, caller, undefined, time, known, story);
    } catch {
      const level = LEVEL_OF_NEST[nestLevel];
      const message = LINE_NOT_READ;
      return new StreamRecord({
        category: 'system',
        time,
        level,
        logger: 'root',
        message,
        extra: NO_FIELDS,
        truncated: true,
        story: story && storyFields(story),
      });
    }
  }

  /**
   * Builds the record of a call whose fields are known.
   *
   * @param fields as {@link fieldsOf} returned them
   */
  compose(
    call: LogCall,
    fields: LogCall['params'],
    caller: CallerLocation | undefined,
    audit: AuditEnvelope | undefined,
    time: number,
    known?: KnownOfLine,
    story?: StoryMark,
  ): StreamRecord {
    const redaction = known === 'harmless' ? undefined : this.redaction;
    const budget = new SizeBudget(redaction?.texts);
    const logger = call.context ? this.loggers.bounded(call.context, budget) : 'root';
    const message = budget.bounded(this.textOf(call), RECORD_LIMITS.text);
    const origin = known ? undefined : (audit?.origin ?? auditRule(fields, logger, message));
    const category = origin ? 'audit' : 'system';
    // Most calls are a text and nothing else to be made plain.
    const writer = fields || call.error || call.stack ? new PlainWriter(budget, redaction) : undefined;
    const error = writer && errorOf(call, message, writer);
    const extra = writer && fields ? extraFields(fields, category, error !== undefined, writer) : NO_FIELDS;
    // One literal, which V8 never makes an object of: spreading parts together would cost more than the rest.
    return new StreamRecord({
      category,
      time,
      level: LEVEL_OF_NEST[call.level],
      logger,
      message,
      module: origin ? undefined : caller?.module,
      function: origin ? undefined : caller?.function,
      line: origin ? undefined : caller?.line,
      action: origin && fields && writer?.field(fields, 'action'),
      metadata: origin && fields && writer?.field(fields, 'metadata'),
      error,
      extra,
      truncated: budget.truncated,
      id: origin && (audit?.id ?? this.ids.next()),
      origin,
      story: story && storyFields(story),
    });
  }

  /** Builds a record out of fields that are already named as on the wire. */
  buildFrom(input: RecordInput): StreamRecord {
    const { message, level, logger, timestamp, module, function: name, line, ...params } = input;
    const call = {
      level: nestLevelOf(level) ?? 'log',
      context: typeof logger === 'string' && logger !== '' ? logger : undefined,
      message,
      text: String,
      params,
    };
    const caller = {
      module: this.nameOf(module),
      function: this.nameOf(name),
      line: Number.isInteger(line) ? line : undefined,
    };
    return this.build(call, caller, undefined, timeOf(timestamp ?? Number.NaN));
  }

  /** What is being told at the moment. */
  get story(): StoryMark | undefined {
    return this.stories?.current;
  }

  /** The params of the call and beside them the fields of the `context` option. */
  fieldsOf(call: LogCall): LogCall['params'] {
    const context = this.context && this.contextFields(this.context);
    const fields = context ? { ...call.params, ...context, ...call.params } : call.params;
    if (fields && !this.flag.hasSpoken && isMisread(fields)) this.sayMisread(fields, call);
    return fields;
  }

  private sayMisread(
    fields: Readonly<Record<string, unknown>>,
    { context = 'root', message }: LogCall,
  ): void {
    // It may be an audit record all the same.
    if (auditRule(fields, context, typeof message === 'string' ? message : '')) return;
    this.flag.say(fields, this.loggers.bounded(context, new SizeBudget(this.redaction?.texts)));
  }

  /** A name that somebody else wrote down, within its limit. */
  private nameOf(value: unknown): string | undefined {
    return typeof value === 'string'
      ? new SizeBudget(this.redaction?.texts).bounded(value, RECORD_LIMITS.name)
      : undefined;
  }

  private textOf({ message, text }: LogCall): string {
    if (typeof message === 'string') return message;
    const { redaction } = this;
    try {
      if (!redaction) return text(message);
      // Once it is a text, the names of its fields no longer tell what is secret.
      const writer = new PlainWriter(new SizeBudget(), redaction);
      return text(new RedactedCopy(redaction, (secret) => writer.replaced(secret, redaction)).of(message));
    } catch {
      return '[A message that cannot be printed]';
    }
  }

  private contextFields(context: NonNullable<typeof this.context>): LogCall['params'] {
    // What the function logs itself would ask it again: until the stack is full, or, when it logs later, for ever.
    if (this.asked.getStore()) return undefined;
    try {
      const fields: unknown = this.asked.run(true, context);
      if (fields instanceof Promise) return this.giveUpContext(fields);
      return typeof fields === 'object' && fields !== null ? { ...fields } : undefined;
    } catch {
      this.failed += 1;
      return undefined;
    }
  }

  /** A promise has no fields to give. */
  private giveUpContext(promise: Promise<unknown>): undefined {
    promise.catch(() => {});
    this.context = undefined;
    this.failed += 1;
    process.emitWarning(CONTEXT_IS_ASYNCHRONOUS, 'LogStreamWarning');
  }
}

/** @returns `undefined` for what is no time */
function timeOf(timestamp: NonNullable<RecordInput['timestamp']>): number | undefined {
  try {
    const time = new Date(timestamp).getTime();
    return Number.isNaN(time) ? undefined : time;
  } catch {
    return undefined;
  }
}

function errorOf(call: LogCall, message: string, writer: PlainWriter): PlainError | undefined {
  if (call.error) return writer.error(call.error);
  if (call.stack) return errorOfStack(call.stack, message, writer);
  return undefined;
}
