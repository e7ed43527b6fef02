import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bareApp } from '../harness/bare-app.js';
import { produce } from '../harness/produce.js';

/** As it is installed. */
const MAIN = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

class Program {
  stdout = '';
  stderr = '';
  readonly child: ChildProcess;
  readonly ended: Promise<[code: number | null, signal: NodeJS.Signals | null]>;

  constructor(...args: string[]) {
    this.child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.ended = once(this.child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
    this.child.stdout!.on('data', (bytes) => (this.stdout += String(bytes)));
    this.child.stderr!.on('data', (bytes) => (this.stderr += String(bytes)));
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await Promise.race([once(this.child.stdout!, 'data'), once(this.child.stderr!, 'data'), this.ended]);
    }
  }
}

describe('the program', () => {
  it('ends when it has shown what it was asked for', async () => {
    await using app = await bareApp();
    await produce(app, 1, 11);
    const tail = new Program('tail', app.url(), '--limit', '3', '--utc');
    expect(await tail.ended).toEqual([0, null]);
    expect(tail.stdout).toMatch(/^(?:\S+ \S+ +root \d .*\n){3}$/);
  });

  it('ends with what was found wrong', async () => {
    const tail = new Program('tail', '127.0.0.1:1');
    expect(await tail.ended).toEqual([1, null]);
    expect(tail.stderr).toMatch(/^nestjs-log-stream: Could not connect: .*ECONNREFUSED.*\n$/);
  });

  it('ends quietly when nobody reads any more', async () => {
    await using app = await bareApp();
    const tail = new Program('tail', app.url(), '--json', '--quiet');
    await produce(app, 1, 2);
    await tail.until(() => app.gateway.clients === 1 || tail.stderr !== '');
    tail.child.stdout!.destroy();
    for (let n = 2; tail.child.exitCode === null; n++) await produce(app, n, n + 1, 1);
    expect(await tail.ended).toEqual([0, null]);
    expect(tail.stderr).toBe('');
  });

  it.each(['--help', '--version', 'tail --help', 'audit --help', 'audit prune --help', 'help audit'])(
    'ends quietly when nobody reads %s',
    async (args) => {
      const program = new Program(...args.split(' '));
      program.child.stdout!.destroy();
      expect(await program.ended).toEqual([0, null]);
      expect(program.stderr).toBe('');
    },
  );

  it.runIf(existsSync('/dev/full'))('says in a line that what it prints cannot be written', async () => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [MAIN, 'audit', '--help'], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(full);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^nestjs-log-stream: .*ENOSPC.*\n$/);
  });

  it('ends with 130 when it is interrupted, and says goodbye', async () => {
    await using app = await bareApp();
    const tail = new Program('tail', app.url());
    await tail.until(() => tail.stderr.includes('connected'));
    const [peer] = app.peers;
    const closed = once(peer!, 'close');
    tail.child.kill('SIGINT');
    expect(await tail.ended).toEqual([130, null]);
    expect((await closed)[0]).toBe(1000);
    expect(tail.stderr.split('\n')).toHaveLength(2);
  });
});
