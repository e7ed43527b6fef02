import { type LogStreamOptions } from 'nestjs-log-stream';
import { resolveOptions } from '../../../src/options/resolve-options.js';
import { RecordBuilder } from '../../../src/record/record-builder.js';
import { LogStream } from '../../../src/stream/log-stream.js';

/** A stream without an app. */
export function aStream(options: LogStreamOptions = {}): LogStream {
  const resolved = resolveOptions({ logger: false, ...options });
  return new LogStream(resolved, new RecordBuilder(resolved));
}
