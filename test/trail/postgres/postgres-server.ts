import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { vi } from 'vitest';

const run = promisify(execFile);
const SOON = { timeout: 30_000, interval: 50 };

/** Where Debian has the programs of the newest server; `undefined` where there is none. */
const binaries = ((): string | undefined => {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root) : [];
  return versions
    .toSorted((one, other) => Number(other) - Number(one))
    .map((version) => join(root, version, 'bin'))
    .find((path) => existsSync(join(path, 'initdb')));
})();

/** Behind the name of a suite: why it is skipped, where it is. */
export const whyNoPostgres = binaries === undefined ? ' (skipped: there is no PostgreSQL server)' : '';

/** PostgreSQL refuses to be run by root: then it is nobody's. */
const NOBODY = 65_534;
const asOther = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

/** A server of its own in a folder for temporary files, reached by a socket there: no port is taken. */
export class PostgresServer implements AsyncDisposable {
  private child: ChildProcess | undefined;
  private schemas = 0;

  private constructor(readonly path: string) {}

  static async start(): Promise<PostgresServer> {
    const path = mkdtempSync(join(tmpdir(), 'pg-'));
    if (asOther.uid !== undefined) chownSync(path, asOther.uid, asOther.gid);
    const server = new PostgresServer(path);
    const options = [
      '-D',
      server.data,
      '-U',
      'postgres',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--locale=C',
      '--no-sync',
    ];
    await run(join(binaries!, 'initdb'), options, { ...asOther, cwd: path });
    await server.resume();
    return server;
  }

  get url(): string {
    return this.urlOf('postgres');
  }

  urlOf(user: string): string {
    return `postgres://${user}@localhost/postgres?host=${this.path}`;
  }

  /** Starts it, again after {@link crash}; resolves when it answers. */
  async resume(): Promise<void> {
    const settings = ['listen_addresses=', `unix_socket_directories=${this.path}`, 'max_connections=100'];
    this.child = spawn(
      join(binaries!, 'postgres'),
      ['-D', this.data, ...settings.flatMap((setting) => ['-c', setting])],
      { ...asOther, cwd: this.path, stdio: 'ignore' },
    );
    await vi.waitFor(() => this.query('SELECT 1'), SOON);
  }

  /** Ends it without a word to its clients or its disk, as a crash does. */
  async crash(): Promise<void> {
    await this.end('SIGQUIT');
  }

  /** A name that no other test of this server has. */
  newSchema(): string {
    return `audit_${(this.schemas += 1)}`;
  }

  async query(sql: string, url = this.url): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => {});
    await client.connect();
    try {
      return ((await client.query(sql)) as pg.QueryResult<Record<string, unknown>>).rows;
    } finally {
      await client.end();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGQUIT');
    rmSync(this.path, { recursive: true, force: true });
  }

  private get data(): string {
    return join(this.path, 'data');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }
}
