import { execFile } from 'node:child_process';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtFileMissing } from '../../src/built-file.js';
import { type Bundler, esbuildTo, rspackTo, webpackTo } from './bundlers.js';
import { InstalledPackage } from './installed-package.js';

const BUNDLERS: Record<string, Bundler> = {
  'esbuild as ESM': esbuildTo('esm'),
  'esbuild as CommonJS': esbuildTo('cjs'),
  webpack: webpackTo,
  rspack: rspackTo,
};

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly output: string;
}

/** What the application of `consumer/bundled` has printed as its last line. */
function printed({ code, stdout, output }: Run): { callers: unknown[]; page: number } {
  if (code !== 0) throw new Error(output);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as ReturnType<typeof printed>;
}

function start(bundle: string, options: object, ...flags: string[]): Promise<Run> {
  return new Promise((resolve) => {
    const args = [...flags, bundle, JSON.stringify(options)];
    const child = execFile(process.execPath, args, { timeout: 60_000 }, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, output: stdout + stderr });
    });
  });
}

describe('the packed package within a bundle of one file', () => {
  let installed: InstalledPackage;

  beforeAll(async () => {
    installed = await InstalledPackage.create();
  }, 120_000);

  afterAll(async () => {
    await installed?.[Symbol.asyncDispose]();
  });

  const bundles = new Map<string, Promise<string>>();

  function bundle(bundler: string, minify = false): Promise<string> {
    const folder = join(installed.project, `out-${bundler.replaceAll(' ', '-')}-${minify}`);
    const entry = join(installed.project, 'bundled/app.mjs');
    const made = bundles.get(folder) ?? BUNDLERS[bundler]!({ entry, folder, minify });
    bundles.set(folder, made);
    return made;
  }

  describe.each(Object.keys(BUNDLERS))('of %s', (bundler) => {
    it.each([false, true])(
      'names callers by their sources, minified %s',
      async (minify) => {
        const { callers } = printed(await start(await bundle(bundler, minify), {}, '--enable-source-maps'));
        expect(callers).toEqual([
          // Flushed lines have none.
          { message: 'held back' },
          { message: 'greeting', module: 'greeter', function: 'greet', line: 8 },
          { message: 'greeting statically', module: 'greeter', function: 'greetStatically', line: 12 },
        ]);
      },
      120_000,
    );

    it('names callers by the bundle without source maps', async () => {
      const { callers } = printed(await start(await bundle(bundler), {}));
      expect(callers.slice(1)).toMatchObject([
        { message: 'greeting', module: 'main', function: 'greet' },
        { message: 'greeting statically', module: 'main', function: 'greetStatically' },
      ]);
    }, 120_000);
  });

  describe.each(Object.keys(BUNDLERS))('of %s, where the package is not installed', (bundler) => {
    // webpack and rspack leave in the bundle where the package was.
    beforeAll(async () => {
      await bundle(bundler);
      await rename(installed.path(), installed.path('../away'));
    }, 120_000);

    afterAll(() => rename(installed.path('../away'), installed.path()));

    it('says at the start that the dashboard needs the package outside of the bundle', async () => {
      const run = await start(await bundle(bundler), {});
      expect(run.output).toContain(builtFileMissing('page/'));
      expect(printed(run).page).toBe(500);
    }, 120_000);

    it('says so for the trail, and does not start without it', async () => {
      const file = join(installed.project, 'trail.db');
      const { code, output } = await start(await bundle(bundler), { dashboard: false, trail: { file } });
      expect(output).toContain(builtFileMissing('writer.worker.js'));
      expect(code).toBe(1);
    }, 120_000);
  });
});
