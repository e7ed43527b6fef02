import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url);
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...readdirSync(new URL('docs/', root))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** As GitHub makes anchors of headings. */
const anchorsOf = (text: string): ReadonlySet<string> =>
  new Set(
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );

describe('the documentation', () => {
  it.each(pages)('%s leads only to what is there', (page) => {
    const text = readFileSync(new URL(page, root), 'utf8');
    const prose = text.replaceAll(/^```[\s\S]*?^```/gm, '');
    const broken = [...prose.matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].flatMap(
      ([link, path, anchor]) => {
        const target = new URL(path || page.split('/').at(-1)!, new URL(page, root));
        if (!existsSync(fileURLToPath(target))) return [link];
        if (!anchor || !target.pathname.endsWith('.md')) return [];
        return anchorsOf(readFileSync(target, 'utf8')).has(anchor) ? [] : [link];
      },
    );
    expect(broken).toEqual([]);
  });

  it('keeps the README short enough to be read', () => {
    expect(readFileSync(new URL('README.md', root), 'utf8').split('\n').length).toBeLessThanOrEqual(251);
  });
});
