import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

const BROWSER_TESTS = 'test/browser/**/*.spec.ts';

export default defineConfig({
  resolve: { alias: { 'nestjs-log-stream': path('./src/index.ts') } },
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
          exclude: [...configDefaults.exclude, BROWSER_TESTS],
        },
      },
      { extends: true, test: { name: 'browser', include: [BROWSER_TESTS] } },
    ],
  },
});
