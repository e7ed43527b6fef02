import { defineConfig } from 'rolldown';
import { ENTRY_POINTS, external, PROGRAMS, THREADS } from './tools/published.mjs';
import { sharedChunks } from './tools/shared-chunks.mjs';
import { thirdPartyNotices } from './tools/third-party-notices.mjs';

/** @type {import('rolldown').InputOptions} */
const input = {
  platform: 'node',
  tsconfig: 'tsconfig.build.json',
  // The oldest of `engines` in package.json: it cannot even parse `using`.
  transform: { target: 'node20.19' },
  external,
  // What chunks of our own making need; Rolldown would choose it as well, and warn.
  preserveEntrySignatures: 'allow-extension',
};

/** @type {import('rolldown').OutputOptions} */
const output = {
  dir: 'dist',
  sourcemap: true,
  // Same names in every release: what changed between two can be read.
  chunkFileNames: 'shared.[name].js',
  // The types say the same, where an editor shows it.
  comments: { legal: true, annotation: true, jsdoc: false },
};

export default defineConfig([
  {
    ...input,
    input: { ...ENTRY_POINTS, ...PROGRAMS, ...THREADS },
    output: {
      ...output,
      format: 'esm',
      cleanDir: true,
      codeSplitting: sharedChunks(),
      // Lighter to install by a tenth; names stay, and the source maps have the rest.
      minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
    },
    plugins: [thirdPartyNotices('dist/THIRD-PARTY-NOTICES.txt')],
  },
  {
    ...input,
    input: ENTRY_POINTS,
    output: {
      ...output,
      format: 'cjs',
      codeSplitting: sharedChunks(),
      entryFileNames: '[name].cjs',
      chunkFileNames: 'shared.[name].cjs',
      // A second copy of all code, for Jest alone: small before readable. Nest knows classes by their names, which stay.
      minify: { compress: true, mangle: { keepNames: true }, codegen: { removeWhitespace: true } },
      // Who needs CommonJS, as Jest does, cannot `import()`.
      dynamicImportInCjs: false,
    },
  },
  {
    ...input,
    // Never published: what the programs of tests and benchmarks need of the inside.
    input: { ...THREADS, inside: 'test/inside.ts' },
    output: { ...output, dir: 'dist-test', format: 'esm', cleanDir: true },
  },
]);
