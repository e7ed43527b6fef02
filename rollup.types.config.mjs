import { resolve } from 'node:path';
import { defineConfig } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { ENTRY_POINTS, external } from './tools/published.mjs';

const entries = new Set(Object.values(ENTRY_POINTS).map((file) => resolve(file)));

/** The client's types stand apart: who uses it in a browser has none of Nest. */
function shared(/** @type {string} */ id) {
  if (entries.has(id)) return undefined;
  return /[\\/]src[\\/](?:wire|client)[\\/]/.test(id) ? 'wire' : 'nest';
}

/**
 * A second copy of all types, which only TypeScript's `node16` reads, and only from CommonJS: without the docs, which are
 * a twentieth of the package.
 */
const withoutDocs = {
  name: 'without-docs',
  renderChunk: (/** @type {string} */ code) => code.replaceAll(/[ \t]*\/\*\*[\s\S]*?\*\/\n?/g, ''),
};

/** The types of each entry point in one file, without what is `@internal`; the same ones again for CommonJS. */
export default defineConfig({
  input: ENTRY_POINTS,
  external,
  plugins: [dts({ tsconfig: 'tsconfig.build.json' })],
  output: ['ts', 'cts'].map((extension) => ({
    dir: 'dist',
    format: 'es',
    entryFileNames: `[name].d.${extension}`,
    manualChunks: shared,
    chunkFileNames: `shared.[name].d.${extension}`,
    plugins: extension === 'cts' ? [withoutDocs] : [],
  })),
});
