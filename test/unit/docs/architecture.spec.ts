import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url);
const text = readFileSync(new URL('docs/architecture.md', root), 'utf8');
const sources = new URL('src/', root);

/** Folders of the source that the reader of a listing meets, without the inside of the page. */
function folders(at: URL, name = 'src'): string[] {
  return readdirSync(at, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => {
      const path = `${name}/${entry.name}`;
      return path === 'src/dashboard/page' ? [path] : [path, ...folders(new URL(`${entry.name}/`, at), path)];
    });
}

describe('docs/architecture.md', () => {
  it('names files and folders that are there', () => {
    const named = [...text.matchAll(/(?<![\w/])(?:src|test|docs)\/[\w./-]*\w/g)].map(([path]) => path);
    const missing = named.filter((path) => !existsSync(fileURLToPath(new URL(path, root))));
    expect(named.length).toBeGreaterThan(50);
    expect(missing).toEqual([]);
  });

  it('has one line for every folder of the source', () => {
    const described = [...text.matchAll(/^(src\/[\w/-]+)\/ /gm)].map(([, path]) => path);
    expect(described.toSorted()).toEqual(folders(sources).toSorted());
  });
});
