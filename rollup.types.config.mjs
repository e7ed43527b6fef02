import { defineConfig } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { ENTRY_POINTS, external } from './tools/published.mjs';

/** The types of each entry point in one file, without what is `@internal`; the same ones again for CommonJS. */
export default defineConfig({
  input: ENTRY_POINTS,
  external,
  plugins: [dts({ tsconfig: 'tsconfig.build.json' })],
  output: ['ts', 'cts'].map((extension) => ({
    dir: 'dist',
    format: 'es',
    entryFileNames: `[name].d.${extension}`,
    chunkFileNames: `shared.[name].d.${extension}`,
  })),
});
