import { Inject, Injectable } from '@nestjs/common';
import { type AuditEnvelope, type CallerLocation, type LogCall } from '../record/log-call.js';
import { LogSink } from '../logger/log-sink.js';
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

  accept(call: LogCall, caller?: CallerLocation, audit?: AuditEnvelope): void {
    this.stream.append(this.builder.build(call, caller, audit));
  }
}
