import { type LogStreamOptions } from 'nestjs-log-stream';
import { resolveOptions } from '../../../src/options/resolve-options.js';
import { type LogCategory } from '../../../src/wire/category.js';
import { StreamRecord, type LogRecord } from '../../../src/record/log-record.js';
import { RecordBuilder } from '../../../src/record/record-builder.js';
import { type History } from '../../../src/stream/history.js';
import { LogStream } from '../../../src/stream/log-stream.js';
import { type Framing } from '../../../src/subscription/framing.js';
import { type Gap } from '../../../src/subscription/gap.js';
import { type Outlet } from '../../../src/subscription/outlet.js';

/** Written bytes that a stalled client takes before it counts as slow: each weighs a tenth of the real mark. */
export const STALLED_BYTES = 10;
const WEIGHT = (1024 * 1024) / STALLED_BYTES;

/** A client that takes what a test lets it take. */
export class FakeOutlet implements Outlet {
  readonly writes: Buffer[] = [];
  readonly gaps: Gap[] = [];
  /** Positions at which it was told that its replay is done. */
  readonly caught: number[] = [];
  /** Positions at which it was told that what it asked for begins. */
  readonly begun: number[] = [];
  /** How often it was told that nobody knows the place it asked for. */
  unrecovered = 0;
  stalled = false;
  /** Written bytes that its socket has not taken. */
  unsent = 0;
  onWrite: (() => void) | undefined;
  onMissed: (() => void) | undefined;
  private resumes: (() => void)[] = [];

  /** @param goesOn whether it goes on behind a gap, as an extended client, or is ended, as a plain one */
  constructor(private readonly goesOn = false) {}

  get backlog(): number {
    return this.unsent * WEIGHT;
  }

  write(bytes: Buffer): void {
    this.writes.push(bytes);
    if (this.stalled) this.unsent += bytes.length;
    this.onWrite?.();
  }

  whenWritable(resume: () => void): void {
    this.resumes.push(resume);
  }

  begins(position: number): void {
    this.begun.push(position);
  }

  missed(gap: Gap): boolean {
    this.gaps.push(gap);
    this.onMissed?.();
    return this.goesOn;
  }

  unrecoverable(): void {
    this.unrecovered += 1;
  }

  caughtUp(position: number): void {
    this.caught.push(position);
  }

  get waits(): number {
    return this.resumes.length;
  }

  /**
   * The operating system takes the backlog, and the socket says so once, to whoever asked: also to those in whose
   * place others came since, which a watcher must not rely on.
   */
  drain(): void {
    this.unsent = 0;
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
  /** Positions that the joined chunks lead to. */
  readonly joined: number[] = [];

  constructor(readonly name = 'seq') {}

  encode(record: LogRecord): Buffer {
    this.encoded += 1;
    return Buffer.from(`${record.seq};`);
  }

  join(encoded: readonly Buffer[], next: number): Buffer {
    this.joined.push(next);
    return Buffer.concat(encoded);
  }
}

export function push(history: History, count = 1, category: LogCategory = 'system'): void {
  const common = {
    time: 0,
    level: 'INFO',
    logger: 'root',
    message: '',
    extra: {},
    truncated: false,
  } as const;
  for (let i = 0; i < count; i++) history.push(new StreamRecord({ ...common, category }, history.end));
}

export function logStream(options: LogStreamOptions = {}): LogStream {
  const resolved = resolveOptions({ logger: false, ...options });
  return new LogStream(resolved, new RecordBuilder(resolved));
}

/** The whole numbers from the first to before the last. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}
