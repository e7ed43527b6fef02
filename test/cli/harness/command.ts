import { Readable, Writable } from 'node:stream';
import { runProgram } from '../../../src/cli/program.js';

/** What a command writes; a terminal when it has columns. */
export class RecordedOutput extends Writable {
  text = '';
  /** How often something was written. */
  writes = 0;
  readonly isTTY: boolean;
  private readonly waiting = new Set<() => void>();
  /** Set to hold back what is written, as a pipe that nobody reads. */
  held: (() => void)[] | undefined;

  constructor(readonly columns?: number) {
    super({ decodeStrings: false, highWaterMark: 1_024 });
    this.isTTY = columns !== undefined;
  }

  get lines(): string[] {
    return this.text.split('\n').slice(0, -1);
  }

  /** Waits until something is so; what is written is the occasion to look. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (condition() && this.waiting.delete(check)) resolve();
      };
      this.waiting.add(check);
      check();
    });
  }

  has(text: string): Promise<void> {
    return this.until(() => this.text.includes(text));
  }

  override _write(chunk: string, _encoding: unknown, done: (error?: Error) => void): void {
    this.text += chunk;
    this.writes += 1;
    if (this.held) this.held.push(done);
    else done();
    for (const check of this.waiting) check();
  }
}

/** One run of the command line, in this process. */
export class RunningCommand implements AsyncDisposable {
  readonly stdout: RecordedOutput;
  readonly stderr: RecordedOutput;
  readonly exitCode: Promise<number>;
  private readonly controller = new AbortController();

  constructor(
    args: readonly string[],
    { columns, env = {} }: { columns?: number; env?: NodeJS.ProcessEnv } = {},
  ) {
    this.stdout = new RecordedOutput(columns);
    this.stderr = new RecordedOutput(columns);
    const { stdout, stderr, controller } = this;
    this.exitCode = runProgram(args, {
      stdin: Readable.from([]),
      stdout,
      stderr,
      env,
      signal: controller.signal,
    });
  }

  /** What ^C does. */
  interrupt(): void {
    this.controller.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.interrupt();
    await this.exitCode;
  }
}
