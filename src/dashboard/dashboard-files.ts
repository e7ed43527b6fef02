import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { builtFile } from '../built-file.js';

/** Where Vite has put the page. @throws Error when it is not there, with a sentence that says what to change */
export const builtPage = (): URL => builtFile('page/');

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** How the build has packed each file that the page loads. */
const PACKED = '.gz';

/** Bytes as they are sent. */
export interface SentBytes {
  readonly body: Buffer;
  /** Strong, quoted; of these bytes, not of what they are unpacked to. */
  readonly etag: string;
}

/** A file of the page. */
export interface DashboardFile {
  readonly contentType: string;
  /** Compressed by gzip, as nearly every client takes it. */
  readonly packed: SentBytes;
  /** For who does not. */
  unpacked(): SentBytes;
}

/**
 * The files of the page, all in memory: what a request names is looked up in a map and never becomes a path, so that
 * no name leads out of the folder.
 */
export class DashboardFiles {
  private constructor(
    /** The page, with places for what only the running application knows. */
    readonly template: string,
    private readonly assets: ReadonlyMap<string, DashboardFile>,
  ) {}

  /** @throws Error of the file system when the page was not built */
  static async read(folder: URL = builtPage()): Promise<DashboardFiles> {
    const template = await readFile(new URL('index.html', folder), 'utf8');
    const directory = new URL('assets/', folder);
    const packed = (await readdir(directory)).filter((name) => name.endsWith(PACKED));
    const names = packed
      .map((name) => name.slice(0, -PACKED.length))
      .filter((name) => extname(name) in CONTENT_TYPES);
    const files = await Promise.all(
      names.map(async (name) => readAsset(new URL(name + PACKED, directory), name)),
    );
    return new DashboardFiles(template, new Map(names.map((name, index) => [name, files[index]!])));
  }

  asset(name: string): DashboardFile | undefined {
    return this.assets.get(name);
  }
}

/** @returns a strong ETag for these bytes */
export function etagOf(body: Buffer): string {
  return `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
}

async function readAsset(file: URL, name: string): Promise<DashboardFile> {
  const packed = withTag(await readFile(file));
  return {
    contentType: CONTENT_TYPES[extname(name)]!,
    packed,
    unpacked: () => withTag(gunzipSync(packed.body)),
  };
}

function withTag(body: Buffer): SentBytes {
  return { body, etag: etagOf(body) };
}
