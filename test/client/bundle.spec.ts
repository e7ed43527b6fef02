import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { bundle } from './harness/bundle.js';

/** Bytes, minified and compressed, as the documentation says. */
const MOST = 6.5 * 1024;

it('is one small file in a page, that needs nothing else', async () => {
  const { code, imports, files } = await bundle();
  expect({ files, imports }).toEqual({ files: 1, imports: [] });
  expect(code).not.toMatch(/\bnode:|\brequire\(|\bBuffer\b|\bprocess\b/);
  expect(gzipSync(code).length).toBeLessThan(MOST);
});
