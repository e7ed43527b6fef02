import { defineConfig } from 'vite';

/**
 * Builds the page into `dist/dashboard/page`, where `dashboard-files.ts` finds it. All URLs are relative: only the
 * browser knows under which path the application is served.
 */
export default defineConfig({
  base: './',
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../../../dist/dashboard/page',
    emptyOutDir: true,
    target: 'es2023',
    // A `data:` URL would be one more thing for the Content-Security-Policy to allow.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
