import { join } from 'node:path';
import { rspack } from '@rspack/core';
import { build } from 'esbuild';
import webpack from 'webpack';

/** One file of an application, its source map beside it. */
export interface Bundling {
  readonly entry: string;
  readonly folder: string;
  readonly minify: boolean;
}

/** What Nest and `ws` load where it is installed, and these applications do not have. */
const NOT_INSTALLED = [
  '@nestjs/microservices',
  '@nestjs/platform-socket.io',
  'bufferutil',
  'class-transformer',
  'class-validator',
  'utf-8-validate',
];

/** @returns the file that was made; everything is in it, Nest as well */
export type Bundler = (bundling: Bundling) => Promise<string>;

export const esbuildTo =
  (format: 'esm' | 'cjs'): Bundler =>
  async ({ entry, folder, minify }) => {
    const outfile = join(folder, format === 'esm' ? 'main.mjs' : 'main.cjs');
    await build({
      entryPoints: [entry],
      outfile,
      format,
      minify,
      bundle: true,
      platform: 'node',
      sourcemap: true,
      logLevel: 'error',
      external: NOT_INSTALLED.flatMap((name) => [name, `${name}/*`]),
      // What of Nest's dependencies is CommonJS needs it; esbuild's documentation names this.
      ...(format === 'esm' && {
        banner: {
          js: "import { createRequire as r } from 'node:module'; const require = r(import.meta.url);",
        },
      }),
    });
    return outfile;
  };

export const webpackTo: Bundler = async (bundling) => {
  const compiler = webpack({
    ...configuration(bundling),
    plugins: [new webpack.optimize.LimitChunkCountPlugin({ maxChunks: 1 })],
  });
  await run(compiler);
  return join(bundling.folder, 'main.cjs');
};

export const rspackTo: Bundler = async (bundling) => {
  const compiler = rspack({
    ...configuration(bundling),
    plugins: [new rspack.optimize.LimitChunkCountPlugin({ maxChunks: 1 })],
  });
  await run(compiler);
  return join(bundling.folder, 'main.cjs');
};

/** Of webpack, as rspack understands it too. */
function configuration({ entry, folder, minify }: Bundling) {
  const notInstalled = new RegExp(`^(?:${NOT_INSTALLED.join('|')})(?:/|$)`);
  return {
    entry,
    target: 'node' as const,
    mode: minify ? ('production' as const) : ('development' as const),
    devtool: 'source-map' as const,
    output: { path: folder, filename: 'main.cjs' },
    externals: [notInstalled],
    externalsType: 'commonjs' as const,
    // Nest loads by name what it finds at run time.
    ignoreWarnings: [/./],
  };
}

interface Compiler {
  run(callback: (error: Error | null, stats?: { hasErrors(): boolean; toString(): string }) => void): void;
}

function run(compiler: Compiler): Promise<void> {
  return new Promise((resolve, reject) => {
    compiler.run((error, stats) => {
      if (error ?? stats?.hasErrors()) reject(error ?? new Error(stats!.toString()));
      else resolve();
    });
  });
}
