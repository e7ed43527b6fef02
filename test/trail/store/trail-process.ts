import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./trail-program.mjs', import.meta.url));

/** A process of its own with a trail, on the built package. */
export class TrailProcess implements AsyncDisposable {
  output = '';
  private readonly child: ChildProcess;

  /** @param limitBlocks most blocks of 1,024 bytes that any of its files may have */
  constructor(mode: string, file: string, limitBlocks?: number) {
    this.child =
      limitBlocks === undefined
        ? spawn(process.execPath, [PROGRAM, mode, file])
        : spawn('bash', [
            '-c',
            `ulimit -f ${limitBlocks}; exec "$0" "$@"`,
            process.execPath,
            PROGRAM,
            mode,
            file,
          ]);
    this.child.stdout?.on('data', (chunk) => (this.output += String(chunk)));
    this.child.stderr?.on('data', (chunk) => (this.output += String(chunk)));
  }

  /** Whole lines that it printed, which begin so: what comes after the word. */
  said(word: string): string[] {
    return this.output
      .slice(0, this.output.lastIndexOf('\n') + 1)
      .split('\n')
      .filter((line) => line.startsWith(`${word} `) || line === word)
      .map((line) => line.slice(word.length + 1));
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async ended(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'close');
    return this.child.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended();
  }
}
