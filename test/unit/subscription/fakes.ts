import { type LogStreamOptions } from 'nestjs-log-stream';
import { resolveOptions } from '../../../src/options/resolve-options.js';
import { PublishedRecord, type LogRecord } from '../../../src/record/log-record.js';
import { RecordBuilder } from '../../../src/record/record-builder.js';
import { type History } from '../../../src/stream/history.js';
import { LogStream } from '../../../src/stream/log-stream.js';
import { type Framing } from '../../../src/subscription/framing.js';
import { type Outlet } from '../../../src/subscription/outlet.js';

/** A client that takes what a test lets it take. */
export class FakeOutlet implements Outlet {
  readonly writes: Buffer[] = [];
  backlog = 0;
  overtakes = 0;
  stalled = false;
  onWrite: (() => void) | undefined;
  private resumes: (() => void)[] = [];

  write(bytes: Buffer): void {
    this.writes.push(bytes);
    if (this.stalled) this.backlog += bytes.length;
    this.onWrite?.();
  }

  whenWritable(resume: () => void): void {
    this.resumes.push(resume);
  }

  overtaken(): void {
    this.overtakes += 1;
  }

  get waits(): number {
    return this.resumes.length;
  }

  /** The operating system takes the backlog, and the socket says so once. */
  drain(): void {
    this.backlog = 0;
    const resumes = this.resumes;
    this.resumes = [];
    for (const resume of resumes) resume();
  }

  /** Drains until nothing waits for that any more: the client reads on. */
  drainAll(): void {
    while (this.resumes.length > 0) this.drain();
  }

  /** Positions of the records that were written, in that order. */
  get seqs(): number[] {
    return String(Buffer.concat(this.writes)).split(';').slice(0, -1).map(Number);
  }
}

/** Frames a record as its position and a semicolon, so that a test can tell what was written. */
export class SeqFraming implements Framing {
  encoded = 0;
  joined = 0;

  encode(record: LogRecord): Buffer {
    this.encoded += 1;
    return Buffer.from(`${record.seq};`);
  }

  join(encoded: readonly Buffer[]): Buffer {
    this.joined += 1;
    return Buffer.concat(encoded);
  }
}

export function push(history: History, count = 1, message = ''): void {
  for (let i = 0; i < count; i++) {
    history.push(
      new PublishedRecord(history.end, {
        category: 'system',
        time: 0,
        level: 'INFO',
        logger: 'root',
        message,
        extra: {},
        truncated: false,
      }),
    );
  }
}

export function logStream(options: LogStreamOptions = {}): LogStream {
  const resolved = resolveOptions({ logger: false, ...options });
  return new LogStream(resolved, new RecordBuilder(resolved));
}

/** The whole numbers from the first to before the last. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}
