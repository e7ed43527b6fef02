import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type Plugin } from 'vite';
import { configDefaults, defineConfig } from 'vitest/config';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Of code without an app, a clock or a logger: they leave nothing behind, so that one process serves many files. */
const UNIT_TESTS = 'test/unit/{dashboard,docs,filter,options,wire}/**/*.spec.ts';
const BROWSER_TESTS = 'test/browser/**/*.spec.ts';
const FAULT_TESTS = 'test/fault/**/*.spec.ts';
const PACKAGE_TESTS = 'test/package/*.spec.ts';
/** An app of its own, with tests for Jest. */
const NEST_11_APP = 'test/package/nest-11/**';

/**
 * What lies beside the code once it is built: the threads, which Node loads by itself, knowing neither vite nor TypeScript,
 * and the page of the dashboard. Sources use what the build made; `npm test` builds first.
 */
const builtFiles: Plugin = {
  name: 'built-files',
  enforce: 'pre',
  transform(code, id) {
    if (id !== path('./src/built-file.ts')) return undefined;
    const built = new URL('./dist/index.js', import.meta.url);
    if (!existsSync(built)) throw new Error(`${built.pathname} is missing: run \`npm run build\` first.`);
    return code.replace('import.meta.url', `'${built.href}'`);
  },
};

const NEST_11 = path('./test/nest-11/');
const NEST_11_IS_INSTALLED = existsSync(`${NEST_11}node_modules/@nestjs/common`);

/** What tests import of Nest, and of what is made for it, is what `test/nest-11` has installed. */
const nest11: Plugin = {
  name: 'nest-11',
  enforce: 'pre',
  resolveId: (source) =>
    /^(?:@nestjs\/[\w.-]+|nestjs-pino|nest-winston)$/.test(source)
      ? createRequire(NEST_11).resolve(source)
      : undefined,
};

export default defineConfig({
  plugins: [builtFiles],
  resolve: {
    alias: {
      'nestjs-log-stream/access': path('./src/monitor/access/index.ts'),
      'nestjs-log-stream/trail': path('./src/trail/index.ts'),
      'nestjs-log-stream/client': path('./src/client/index.ts'),
      'nestjs-log-stream/testing': path('./src/testing/index.ts'),
      'nestjs-log-stream': path('./src/index.ts'),
    },
  },
  test: {
    setupFiles: ['reflect-metadata'],
    // See the reporter. Never where somebody works: there a test that fails now and then is to be seen.
    retry: process.env['CI'] ? 1 : 0,
    reporters: ['default', './test/harness/second-tries-reporter.ts', './test/harness/skipped-reporter.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // Vitest leaves a core to others; who runs tests waits for them. Two is what the smallest machines have.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Apart, so that CI can run them by themselves; without a Chromium they are skipped and say so.
    projects: [
      { extends: true, test: { name: 'unit', include: [UNIT_TESTS], isolate: false } },
      {
        extends: true,
        test: {
          name: 'node',
          include: ['test/**/*.spec.ts'],
          exclude: [
            ...configDefaults.exclude,
            UNIT_TESTS,
            BROWSER_TESTS,
            FAULT_TESTS,
            PACKAGE_TESTS,
            NEST_11_APP,
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: [BROWSER_TESTS],
          // What ends a test that hangs, not what measures one: two browsers share the cores with whatever else runs.
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll: { interval: 20, timeout: 15_000 } },
        },
      },
      // Packs and installs, by `npm run test:package` only.
      { extends: true, test: { name: 'package', include: [PACKAGE_TESTS] } },
      // The same tests on Nest 11, by `npm run test:nest11`, which installs it.
      {
        extends: true,
        plugins: [nest11],
        test: {
          name: 'nest 11',
          include: NEST_11_IS_INSTALLED
            ? ['test/{contract,e2e,audit,nest-11}/**/*.spec.ts', 'test/unit/{logger,record}/**/*.spec.ts']
            : ['test/nest-11/installed.spec.ts'],
        },
      },
      // Minutes of load, by `npm run test:fault` only.
      {
        extends: true,
        test: { name: 'fault', include: [FAULT_TESTS], testTimeout: 240_000, hookTimeout: 60_000 },
      },
    ],
  },
});
