import { type LogStreamOptions } from 'nestjs-log-stream';
import { LogStreamLogger } from '../../../src/logger/log-stream-logger.js';
import { PlainFraming } from '../../../src/monitor/protocol/plain-framing.js';
import { RecordText } from '../../../src/monitor/protocol/record-text.js';
import { framesOf } from '../../../src/monitor/protocol/web-socket-frames.js';
import { resolveOptions } from '../../../src/options/resolve-options.js';
import { type LogRecord } from '../../../src/record/log-record.js';
import { RecordBuilder } from '../../../src/record/record-builder.js';
import { LogStream } from '../../../src/stream/log-stream.js';
import { StreamIntake } from '../../../src/stream/stream-intake.js';

/** The logger and the stream behind it, wired as the module wires them; no inner logger unless one is given. */
export function streamingLogger(options: LogStreamOptions = {}): StreamingLogger {
  const resolved = resolveOptions({ logger: false, ...options });
  const builder = new RecordBuilder(resolved);
  const stream = new LogStream(resolved, builder);
  return new StreamingLogger(
    new LogStreamLogger(resolved, new StreamIntake(stream, builder)),
    stream,
    builder,
  );
}

export class StreamingLogger {
  private readonly framing = new PlainFraming(new RecordText());

  constructor(
    readonly logger: LogStreamLogger,
    readonly stream: LogStream,
    readonly builder: RecordBuilder,
  ) {}

  /** Everything logged so far. */
  get records(): LogRecord[] {
    return [...this.stream.history];
  }

  /** The only record so far. */
  get record(): LogRecord {
    const [first, ...more] = this.records;
    if (!first || more.length > 0) throw new Error(`expected one record, got ${this.records.length}`);
    return first;
  }

  /** What a plain client receives for each record. */
  get wire(): string[] {
    return this.records.flatMap((record) =>
      [...framesOf(this.framing.encode(record))].map(({ payload }) => String(payload)),
    );
  }
}
