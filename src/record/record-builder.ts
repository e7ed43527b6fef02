import { Inject, Injectable } from '@nestjs/common';
import { type LogCall } from '../logger/log-call.js';
import { LOG_STREAM_OPTIONS, type ResolvedLogStreamOptions } from '../options/resolved-options.js';
import { auditRule } from './categorize.js';
import { extraFields } from './extra-fields.js';
import { LEVEL_OF_NEST, nestLevelOf } from './level.js';
import { type UnpublishedRecord } from './log-record.js';
import { errorOfStack, plainError, type PlainError } from './plain-error.js';
import { PlainWriter, type PlainObject } from './plain-value.js';
import { type RecordInput } from './record-input.js';
import { RECORD_LIMITS } from './record-limits.js';
import { SizeBudget } from './size-budget.js';
import { UuidV7 } from './uuid-v7.js';

const NO_FIELDS: PlainObject = Object.freeze({});

/** Turns a log call into a record that no later change to a logged object can touch. */
@Injectable()
export class RecordBuilder {
  private readonly context: ResolvedLogStreamOptions['context'];
  private readonly ids = new UuidV7();
  private failed = 0;

  constructor(@Inject(LOG_STREAM_OPTIONS) options: ResolvedLogStreamOptions) {
    this.context = options.context;
  }

  /** How often the `context` option threw. */
  get contextFailures(): number {
    return this.failed;
  }

  /** Builds the record of a log call that this process made. */
  build(call: LogCall): UnpublishedRecord {
    const budget = new SizeBudget();
    const logger = call.context ? budget.bounded(call.context, RECORD_LIMITS.name) : 'root';
    const message = budget.bounded(textOf(call), RECORD_LIMITS.text);
    const rule = auditRule(call.params, logger, message);
    const origin = call.audit?.origin ?? rule;
    const category = origin ? 'audit' : 'system';
    const error = errorOf(call, message, budget);
    const extra = this.fieldsOf(call, category, error !== undefined, budget);
    const base = {
      category,
      time: Date.now(),
      level: LEVEL_OF_NEST[call.level],
      logger,
      message,
      error,
    } as const;
    if (!origin) return { ...base, ...call.caller, extra, truncated: budget.truncated };
    const writer = new PlainWriter(budget);
    const action = writer.value(call.params?.['action']);
    const metadata = writer.value(call.params?.['metadata']);
    const id = call.audit?.id ?? this.ids.next();
    return { ...base, action, metadata, extra, truncated: budget.truncated, id, origin };
  }

  /** Builds a record out of fields that are already named as on the wire. */
  buildFrom(input: RecordInput): UnpublishedRecord {
    const { message, level, logger, timestamp, module, function: name, line, ...params } = input;
    const record = this.build({
      level: nestLevelOf(level),
      context: typeof logger === 'string' && logger !== '' ? logger : undefined,
      message: typeof message === 'string' ? message : String(message),
      text: String,
      params,
      caller: { module, function: name, line },
    });
    const time = new Date(timestamp ?? record.time).getTime();
    return Number.isNaN(time) ? record : { ...record, time };
  }

  private fieldsOf(
    call: LogCall,
    category: 'system' | 'audit',
    hasError: boolean,
    budget: SizeBudget,
  ): PlainObject {
    const context = this.context && this.contextFields(this.context);
    if (!call.params && !context) return NO_FIELDS;
    return extraFields([call.params, context], category, hasError ? ['error'] : [], budget);
  }

  private contextFields(
    context: NonNullable<typeof this.context>,
  ): Readonly<Record<string, unknown>> | undefined {
    try {
      const fields: unknown = context();
      return typeof fields === 'object' && fields !== null ? (fields as Record<string, unknown>) : undefined;
    } catch {
      this.failed += 1;
      return undefined;
    }
  }
}

function textOf(call: LogCall): string {
  if (typeof call.message === 'string') return call.message;
  try {
    return call.text(call.message);
  } catch {
    return '[A message that cannot be printed]';
  }
}

function errorOf(call: LogCall, message: string, budget: SizeBudget): PlainError | undefined {
  if (call.error) return plainError(call.error, new PlainWriter(budget));
  if (call.stack) return errorOfStack(call.stack, message, new PlainWriter(budget));
  return undefined;
}
