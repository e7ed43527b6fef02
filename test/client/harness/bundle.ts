import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const ENTRY = fileURLToPath(new URL('../../../src/client/index.ts', import.meta.url));

/** What a bundler makes of the client for a page. */
export interface Bundle {
  readonly code: string;
  /** What is loaded beside it. */
  readonly imports: readonly string[];
  readonly files: number;
}

/** Builds the client as the page of a user would have it. */
export async function bundle(): Promise<Bundle> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: ENTRY, preserveEntrySignatures: 'strict' },
    },
  });
  const outputs = [built].flat().flatMap((result) => ('output' in result ? result.output : []));
  const [chunk] = outputs;
  if (chunk?.type !== 'chunk') throw new Error('nothing was built');
  return { code: chunk.code, imports: [...chunk.imports, ...chunk.dynamicImports], files: outputs.length };
}
