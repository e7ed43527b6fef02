import { Inject, Injectable } from '@nestjs/common';
import { type AuditEnvelope, type CallerLocation, type LogCall } from '../record/log-call.js';
import { LogSink } from '../logger/log-sink.js';
import { auditRule } from '../record/categorize.js';
import { type KeptEntry } from '../record/kept-entry.js';
import { RecordBuilder } from '../record/record-builder.js';
import { LogStream } from './log-stream.js';

/** Where log calls become records of the stream. */
@Injectable()
export class StreamIntake extends LogSink {
  constructor(
    @Inject(LogStream) private readonly stream: LogStream,
    @Inject(RecordBuilder) private readonly builder: RecordBuilder,
  ) {
    super();
  }

  get wanted(): boolean {
    return this.stream.wanted;
  }

  get watched(): boolean {
    return this.stream.observed;
  }

  get callerExpected(): boolean {
    return this.stream.callerExpected;
  }

  accept(
    call: LogCall,
    caller?: CallerLocation,
    audit?: AuditEnvelope,
    time = Date.now(),
  ): Promise<KeptEntry> | undefined {
    const fields = this.builder.fieldsOf(call);
    const { story } = this.builder;
    if (
      audit === undefined &&
      canWait(call, fields) &&
      this.stream.appendLine(call, fields, caller, time, story)
    ) {
      return undefined;
    }
    return this.stream.append(this.builder.compose(call, fields, caller, audit, time, undefined, story));
  }
}

/**
 * Whether a call is of those that make up nearly all: a text, which nobody can change any more, of a system record. An
 * object is made plain at once, for it can be changed; an audit record is complete at once, for it is to be kept.
 */
function canWait(call: LogCall, fields: LogCall['params']): call is LogCall & { message: string } {
  const { message, error, stack, context } = call;
  return (
    typeof message === 'string' &&
    error === undefined &&
    stack === undefined &&
    auditRule(fields, context ?? '', message) === undefined
  );
}
