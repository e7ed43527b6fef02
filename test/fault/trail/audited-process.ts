import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type LogStreamOptions, type TrailOptions } from 'nestjs-log-stream';

const PROGRAM = fileURLToPath(new URL('./audited-app.mjs', import.meta.url));

type Options = Pick<LogStreamOptions, 'history'> & { readonly trail?: Partial<TrailOptions> };

/** A receipt that the app printed as it got it. */
export interface PrintedReceipt {
  readonly id: string;
  readonly seq: number;
  readonly hash: string;
}

/** An app with a trail in a process of its own, on the built package. */
export class AuditedProcess implements AsyncDisposable {
  output = '';
  private readonly child: ChildProcess;
  private readonly closed: Promise<unknown>;

  constructor(file: string, options: Options = {}) {
    this.child = spawn(process.execPath, [PROGRAM, file, JSON.stringify(options)]);
    this.closed = once(this.child, 'close');
    this.child.stdout?.on('data', (chunk) => (this.output += String(chunk)));
    this.child.stderr?.on('data', (chunk) => (this.output += String(chunk)));
  }

  /** What stands behind a word on each whole line that begins with it. */
  said(word: string): string[] {
    return this.output
      .slice(0, this.output.lastIndexOf('\n') + 1)
      .split('\n')
      .filter((line) => line === word || line.startsWith(`${word} `))
      .map((line) => line.slice(word.length + 1));
  }

  get receipts(): PrintedReceipt[] {
    return this.said('ack').map((line) => {
      const [id = '', seq, hash = ''] = line.split(' ');
      return { id, seq: Number(seq), hash };
    });
  }

  get port(): number | undefined {
    const port = this.said('listening')[0];
    return port === undefined ? undefined : Number(port);
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** With everything that it printed read. */
  async ended(): Promise<number | null> {
    await this.closed;
    return this.child.exitCode;
  }

  /** Rejects when there was no answer. */
  async post(path: string, body: object = {}): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
    return { status: response.status, body: await response.json() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended();
  }
}
