import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const CONSUMER = fileURLToPath(new URL('consumer', import.meta.url));

/** Types that a user of TypeScript on Node has. */
const TYPES = ['@types/node'];

/**
 * The package as a user has it: packed, then installed by npm in an empty project (`consumer/`), whose peers are
 * links into the repository's `node_modules`. Nothing comes from the network; `.ci/run` does the same with peers
 * from the registry.
 */
export class InstalledPackage implements AsyncDisposable {
  private constructor(
    /** Folder of the project that has installed it. */
    readonly project: string,
  ) {}

  /** @throws Error when `dist` is not built: packing here must not rebuild it under the other tests */
  static async create(): Promise<InstalledPackage> {
    // Not in the repository, where `nestjs-log-stream` would resolve to the repository itself.
    const directory = await mkdtemp(join(tmpdir(), 'nestjs-log-stream-'));
    try {
      const installed = new InstalledPackage(join(directory, 'consumer'));
      await installed.install(await pack(directory));
      return installed;
    } catch (error) {
      await remove(directory);
      throw error;
    }
  }

  /** All files of the package, relative to it, with `/`. */
  async files(): Promise<string[]> {
    const entries = await readdir(this.path(), { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.path().length + 1))
      .map((file) => file.replaceAll('\\', '/'))
      .toSorted();
  }

  /** Sum of their sizes. */
  async bytes(files: readonly string[]): Promise<number> {
    const stats = await Promise.all(files.map((file) => stat(this.path(file))));
    return stats.reduce((sum, { size }) => sum + size, 0);
  }

  read(file: string): Promise<string> {
    return readFile(this.path(file), 'utf8');
  }

  async manifest(): Promise<Record<string, unknown>> {
    return JSON.parse(await this.read('package.json')) as Record<string, unknown>;
  }

  /** The public names that a program of `consumer/` prints, run by the Node of this test. */
  async names(program: string): Promise<string[]> {
    const { stdout } = await run(process.execPath, [program], { cwd: this.project, timeout: 30_000 });
    return JSON.parse(stdout) as string[];
  }

  /** Runs the package's command as `npx` does. */
  command(...args: string[]): Promise<{ stdout: string; stderr: string }> {
    return run('npx', ['--offline', 'nestjs-log-stream', ...args], { cwd: this.project, timeout: 30_000 });
  }

  /** TypeScript's complaints about `consumer/`: empty when all types resolve. */
  async typeErrors(config: string): Promise<string> {
    const compiler = join(REPOSITORY, 'node_modules/typescript/bin/tsc');
    try {
      await run(process.execPath, [compiler, '-p', config], { cwd: this.project, timeout: 60_000 });
      return '';
    } catch (error) {
      const { stdout, stderr } = error as { stdout?: string; stderr?: string };
      return [stdout, stderr].join('').trim() || String(error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await remove(dirname(this.project));
  }

  /** Of a file of the package, of its folder without one. */
  path(file = ''): string {
    return join(this.project, 'node_modules/nestjs-log-stream', file);
  }

  private async install(tarballs: readonly string[]): Promise<void> {
    await cp(CONSUMER, this.project, { recursive: true });
    await writeFile(join(this.project, 'package.json'), '{ "private": true }');
    // legacy-peer-deps: does not look for the peers, which are linked afterwards (npm would remove the links).
    await npm(['install', '--offline', '--legacy-peer-deps', '--no-package-lock', ...tarballs], this.project);
    const { peerDependencies } = await this.manifest();
    const links = [...Object.keys(peerDependencies as object), ...TYPES];
    await Promise.all(links.map((name) => this.link(name)));
  }

  private async link(name: string): Promise<void> {
    const link = join(this.project, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(REPOSITORY, 'node_modules', name), link, 'junction');
  }
}

/** The package, and what it depends on as this repository has it: npm then needs no registry. */
async function pack(directory: string): Promise<string[]> {
  const [main] = await readdir(join(REPOSITORY, 'dist')).catch(() => []);
  if (main === undefined) throw new Error('dist is not built: run `npm run build` first');
  const manifest = await readFile(join(REPOSITORY, 'package.json'), 'utf8');
  const { dependencies = {} } = JSON.parse(manifest) as { dependencies?: Record<string, string> };
  const packages = Object.keys(dependencies).map((name) => join(REPOSITORY, 'node_modules', name));
  // No scripts: prepack would build, and clear dist while the sample app's tests run on it.
  await npm(['pack', '--pack-destination', directory, REPOSITORY, ...packages], directory);
  const tarballs = (await readdir(directory)).filter((file) => file.endsWith('.tgz'));
  if (tarballs.length !== packages.length + 1) throw new Error('npm pack left no tarballs');
  return tarballs.map((file) => join(directory, file));
}

/** npm with a cache of its own, and without what an `npm test` around this one passes on in the environment. */
async function npm(args: string[], cwd: string): Promise<void> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--cache', join(cwd, '.npm')];
  await run('npm', [...args, ...quiet], { cwd, env, timeout: 60_000 });
}

function remove(directory: string): Promise<void> {
  return rm(directory, { recursive: true, force: true, maxRetries: 3 });
}
