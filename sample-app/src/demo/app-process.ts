import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** The sample app in a process of its own: what its console logger prints stays out of the demo's columns. */
export class AppProcess implements AsyncDisposable {
  private constructor(
    private readonly child: ChildProcess,
    private readonly port: number,
  ) {}

  /** Starts it on a free port and waits until it listens. */
  static async start(): Promise<AppProcess> {
    const main = fileURLToPath(new URL('../main.js', import.meta.url));
    const child = spawn(process.execPath, ['--enable-source-maps', main], {
      env: { ...process.env, PORT: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // However this process ends, the other does not outlive it.
    process.once('exit', () => child.kill());
    return new AppProcess(child, await printedPort(child.stdout, child.stderr));
  }

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  get monitorUrl(): string {
    return `ws://localhost:${this.port}/ws/monitor`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill();
    await exited;
  }
}

async function printedPort(stdout: Readable, stderr: Readable): Promise<number> {
  const complaints: string[] = [];
  const complain = (text: Buffer): void => void complaints.push(String(text));
  stderr.on('data', complain);
  try {
    for await (const line of createInterface({ input: stdout })) {
      const port = /http:\/\/localhost:(\d+)/.exec(line)?.[1];
      if (port) return Number(port);
    }
  } finally {
    // Read on, without keeping it: a full pipe would stop the app.
    stderr.off('data', complain).resume();
    stdout.resume();
  }
  throw new Error(`The sample app did not start:\n${complaints.join('')}`);
}
