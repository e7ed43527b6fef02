import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

const BROWSER_TESTS = 'test/browser/**/*.spec.ts';
const FAULT_TESTS = 'test/fault/**/*.spec.ts';

export default defineConfig({
  resolve: {
    alias: {
      'nestjs-log-stream/testing': path('./src/testing/index.ts'),
      'nestjs-log-stream': path('./src/index.ts'),
    },
  },
  test: {
    setupFiles: ['reflect-metadata'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // Apart, so that CI can run them by themselves; without a Chromium they are skipped and say so.
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['test/**/*.spec.ts'],
          exclude: [...configDefaults.exclude, BROWSER_TESTS, FAULT_TESTS],
        },
      },
      { extends: true, test: { name: 'browser', include: [BROWSER_TESTS] } },
      // Minutes of load, by `npm run test:fault` only.
      {
        extends: true,
        test: { name: 'fault', include: [FAULT_TESTS], testTimeout: 240_000, hookTimeout: 60_000 },
      },
    ],
  },
});
