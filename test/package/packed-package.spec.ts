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
        'dist/index.cjs',
        'dist/index.d.cts',
        'dist/page/index.html',
        'dist/THIRD-PARTY-NOTICES.txt',
        'docs/protocol.md',
      ]),
    ).toEqual([]);
    const expected =
      /^(?:(?:CHANGELOG|CONTRIBUTING|README|SECURITY)\.md|LICENSE|package\.json|docs\/[\w-]+\.md|dist\/[\w.-]+\.(?:c?js(?:\.map)?|d\.c?ts))$/;
    const notices = 'dist/THIRD-PARTY-NOTICES.txt';
    // What Vite has made of the dashboard.
    const page = /^dist\/page\/(?:index\.html|assets\/[\w-]+\.(?:js|css|svg)\.gz)$/;
    const screenshot = /^docs\/screenshots\/[\w-]+\.png$/;
    expect(files.filter((file) => screenshot.test(file))).toHaveLength(1);
    expect(files.filter((file) => ![expected, page, screenshot].some((known) => known.test(file)))).toEqual([
      notices,
    ]);
  });

  it('is light: at most 150 files and 1.5 MB, not counting what is to be read and source maps', async () => {
    const files = await installed.files();
    expect(files.length).toBeLessThanOrEqual(150);
    const code = files.filter((file) => file.startsWith('dist/') && !file.endsWith('.map'));
    expect(await installed.bytes(code)).toBeLessThanOrEqual(1_500_000);
  });

  it('has the screenshot and the pages that its README links to', async () => {
    const files = await installed.files();
    const links = (await installed.read('README.md')).matchAll(/\]\((?!https?:|#)([^)#]+)/g);
    const linked = [...links].map(([, target]) => target!.replace(/^\.\//, ''));
    expect(linked).not.toEqual([]);
    expect(missing(files, linked)).toEqual([]);
  });

  it.each(['js', 'cjs'])('knows its own code on a stack by the .%s file that it is in', async (extension) => {
    // As src/logger/own-files.ts has it: in another file it would take itself for bundled into an application.
    expect(await installed.read(`dist/shared.nest.${extension}`)).toContain(String.raw`shared\.nest\.c?js`);
  });

  it('names all whose code it holds, with their licences', async () => {
    const notices = await installed.read('dist/THIRD-PARTY-NOTICES.txt');
    const names = [...notices.matchAll(/^(\S+) \d+\.\d+\.\d+\S* \([\w.-]+\)$/gm)].map(([, name]) => name);
    expect(names.toSorted()).toEqual([
      '@preact/signals',
      '@preact/signals-core',
      '@tanstack/virtual-core',
      'canonicalize',
      'preact',
      'rolldown',
    ]);
  });

  it('holds every source that its source maps lead to', async () => {
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

  it('installs one small library, and has everything else as peers', async () => {
    const manifest = await installed.manifest();
    expect(Object.keys(manifest['dependencies'] as object)).toEqual(['commander']);
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

  it('keeps to itself what no page of the documentation needs', async () => {
    const names = await installed.names('esm.mjs');
    expect(names.filter((name) => ['AuditInterceptor', 'AuditRecorder'].includes(name))).toEqual([]);
  });

  it('loads the trail, the packages of WebSockets and optional peers with the app that uses them, not before', async () => {
    const loaded = await installed.names('loaded.mjs');
    expect(loaded).not.toEqual([]);
    expect(
      loaded.filter((name) =>
        /^(?:ws|@nestjs\/(?:websockets|platform-ws|microservices|terminus))$/.test(name),
      ),
    ).toEqual([]);
    expect(loaded.filter((name) => /trail-store|writer|verify/.test(name))).toEqual([]);
  });

  it('is one copy in a process, however it is loaded', async () => {
    // Each program compares what it has loaded with what the other way of loading gives, and throws.
    await expect(installed.names('esm.mjs')).resolves.not.toEqual([]);
    await expect(installed.names('commonjs.cjs')).resolves.not.toEqual([]);
  });

  it.each(['nodenext', 'bundler', 'node10'])('has types for `moduleResolution` %s', async (resolution) => {
    expect(await installed.typeErrors(`tsconfig.${resolution}.json`)).toBe('');
  });
});
