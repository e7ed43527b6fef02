import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { expect, it } from 'vitest';

const ENTRY = fileURLToPath(new URL('../../src/client/index.ts', import.meta.url));

/** Bytes, minified and compressed, as the documentation says. */
const MOST = 6.5 * 1024;

it('is one small file in a page, that needs nothing else', async () => {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: ENTRY, preserveEntrySignatures: 'strict' },
    },
  });
  const chunks = [built].flat().flatMap((result) => ('output' in result ? result.output : []));
  expect(chunks).toHaveLength(1);
  const [chunk] = chunks;
  if (chunk?.type !== 'chunk') throw new Error('no chunk');
  expect(chunk.imports).toEqual([]);
  expect(chunk.dynamicImports).toEqual([]);
  expect(chunk.code).not.toMatch(/\bnode:|\brequire\(|\bBuffer\b|\bprocess\b/);
  expect(gzipSync(chunk.code).length).toBeLessThan(MOST);
});
