import { dirname, join } from 'node:path/posix';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InstalledPackage } from './installed-package.js';

/** The values that the documentation names; types are tried in `consumer/types.mts`. */
const DOCUMENTED = [
  'Audit',
  'AuditLogger',
  'InjectAuditLogger',
  'LogStream',
  'LogStreamLogger',
  'LogStreamModule',
  'MonitorGateway',
  'auditLog',
  'setupLogStreaming',
];

/** Names alone: a comparison of the lists would bury the missing one. */
function missing(names: string[], wanted: string[]): string[] {
  return wanted.filter((name) => !names.includes(name));
}

interface SourceMap {
  sources: string[];
  sourcesContent?: (string | null)[];
}

describe('the packed package', () => {
  let installed: InstalledPackage;

  beforeAll(async () => {
    installed = await InstalledPackage.create();
  }, 120_000);

  afterAll(async () => {
    await installed?.[Symbol.asyncDispose]();
  });

  it('holds what it is built from, what is built and what is to be read, and nothing else', async () => {
    const files = await installed.files();
    expect(
      missing(files, [
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'dist/index.js',
        'dist/index.d.ts',
        'dist/dashboard/page/index.html',
      ]),
    ).toEqual([]);
    const expected =
      /^(?:(?:CHANGELOG|README)\.md|LICENSE|package\.json|src\/.+\.ts|dist\/.+\.(?:js|d\.ts)(?:\.map)?)$/;
    // What Vite has made of the dashboard, whose sources would lead nowhere without Vite.
    const page = /^dist\/dashboard\/page\/(?:index\.html|assets\/[\w-]+\.(?:js|css|svg))$/;
    expect(files.filter((file) => !expected.test(file) && !page.test(file))).toEqual([]);
    expect(files.filter((file) => file.startsWith('src/dashboard/page/'))).toEqual([]);
    expect(files.filter((file) => /\.(?:spec|test)\./.test(file))).toEqual([]);
  });

  it('holds every file that its source maps lead to', async () => {
    const files = new Set(await installed.files());
    const maps = [...files].filter((file) => file.endsWith('.map'));
    expect(maps).not.toEqual([]);
    const lost = await Promise.all(
      maps.map(async (map) => {
        const { sources, sourcesContent } = JSON.parse(await installed.read(map)) as SourceMap;
        return sources
          .filter((source, index) => !sourcesContent?.[index] && !files.has(join(dirname(map), source)))
          .map((source) => `${map} -> ${source}`);
      }),
    );
    expect(lost.flat()).toEqual([]);
  });

  it('installs two small libraries, and has everything else as peers', async () => {
    const manifest = await installed.manifest();
    expect(Object.keys(manifest['dependencies'] as object)).toEqual(['canonicalize', 'commander']);
  });

  it('runs as a command', async () => {
    const { stdout } = await installed.command('--help');
    expect(stdout).toMatch(/^Usage: nestjs-log-stream /);
  });

  it('gives its documented names to import', async () => {
    expect(missing(await installed.names('esm.mjs'), DOCUMENTED)).toEqual([]);
  });

  it('gives the same names to require()', async () => {
    const [imported, required] = [await installed.names('esm.mjs'), await installed.names('commonjs.cjs')];
    expect(required).toEqual(imported);
  });

  it('has types for ESM and for CommonJS', async () => {
    expect(await installed.typeErrors()).toBe('');
  });
});
