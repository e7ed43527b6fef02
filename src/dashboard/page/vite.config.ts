import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { development } from './development.js';
import { packed } from './packed.js';
import { thirdPartyNotices } from '../../../tools/third-party-notices.mjs';

/**
 * Builds the page into `dist/page`, where `dashboard-files.ts` finds it. All URLs are relative: only the
 * browser knows under which path the application is served.
 */
export default defineConfig({
  base: './',
  publicDir: false,
  plugins: [
    development(),
    packed(),
    thirdPartyNotices(fileURLToPath(new URL('../../../dist/THIRD-PARTY-NOTICES.txt', import.meta.url))),
  ],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../../../dist/page',
    emptyOutDir: true,
    target: 'es2023',
    // A `data:` URL would be one more thing for the Content-Security-Policy to allow.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
