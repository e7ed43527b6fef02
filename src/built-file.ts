import { existsSync } from 'node:fs';

/**
 * What the build puts beside the package's code for Node or a browser to load by itself: the threads of the trail, the
 * page of the dashboard. No bundler takes them along, since none sees from this that they are needed.
 *
 * @param name as `writer.worker.js`, or of a folder, as `page/`
 * @throws Error with a sentence that says what to change, when it is not there
 */
export function builtFile(name: string): URL {
  const file = resolve(name);
  if (file && existsSync(file)) return file;
  throw new Error(builtFileMissing(name));
}

export const builtFileMissing = (name: string): string =>
  `nestjs-log-stream misses its own file ${name}. If a bundler has put the package into a bundle, mark \`nestjs-log-stream\` as external there and install it beside the bundle: docs/bundling.md says how.`;

function resolve(name: string): URL | undefined {
  try {
    return new URL(name, import.meta.url);
  } catch {
    // esbuild leaves nothing of `import.meta` in a bundle of CommonJS.
    return undefined;
  }
}
