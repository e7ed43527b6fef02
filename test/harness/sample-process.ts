import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MonitorClient } from './monitor-client.js';

/** A built program of the sample app, as `npm start` and `npm run demo` run it. */
export class SampleProcess implements AsyncDisposable {
  output = '';
  private readonly child: ChildProcess;
  /** For what it makes: one that is killed leaves it there. */
  private readonly temporary = mkdtempSync(join(tmpdir(), 'sample-app-'));

  constructor(program: 'main.js' | 'demo.js', ...args: readonly string[]) {
    const file = fileURLToPath(new URL(`../../dist-sample/${program}`, import.meta.url));
    this.child = spawn(process.execPath, ['--enable-source-maps', file, ...args], {
      env: { ...process.env, PORT: '0', NO_COLOR: '1', TMPDIR: this.temporary },
    });
    this.child.stdout?.on('data', (chunk) => (this.output += String(chunk)));
    this.child.stderr?.on('data', (chunk) => (this.output += String(chunk)));
  }

  /** The address that it prints once it listens. */
  address(): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const printed = /http:\/\/localhost:\d+/.exec(this.output)?.[0];
        if (printed) resolve(printed);
      };
      this.child.stdout?.on('data', look);
      this.child.once('exit', () => reject(new Error(`It ended before it listened:\n${this.output}`)));
      look();
    });
  }

  async watch(): Promise<MonitorClient> {
    return MonitorClient.connect(`${(await this.address()).replace('http', 'ws')}/ws/monitor`);
  }

  /** What it has made for itself and not removed. */
  leftBehind(): Promise<string[]> {
    return readdir(this.temporary);
  }

  /** Reads nothing more of what it prints, as `head` when it has its lines; its complaints are still heard. */
  stopReading(): void {
    this.child.stdout?.destroy();
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** How it ended, with all that it printed read. */
  async ended(): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'close');
    return { code: this.child.exitCode, signal: this.child.signalCode };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended();
    await rm(this.temporary, { recursive: true, force: true });
  }
}
