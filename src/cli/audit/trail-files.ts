import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { defaultAnchors } from '../../options/resolve-trail-options.js';
import { isPostgres, trailAt } from '../../trail/trail-at.js';
import { type TrailLocation } from '../../trail/store/trail-backend.js';
import { type TrailView } from '../../trail/store/trail-view.js';
import { refusal } from './audit-error.js';
import { isAnExport, neitherTrailNorExport, noFile } from './audit.messages.js';

const SQLITE = Buffer.from('SQLite format 3\0');

/** What a file is, by its first bytes; a pipe can only be an export, and is not read for it. */
export function kindOf(file: string): 'trail' | 'export' {
  if (isPostgres(file)) return 'trail';
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) throw refusal(noFile(file));
  if (found.isDirectory()) throw refusal(neitherTrailNorExport(file));
  if (!found.isFile()) return 'export';
  // Nothing of this process has the database open yet: closing it here drops no lock of SQLite.
  const descriptor = openSync(file, 'r');
  try {
    const start = Buffer.alloc(SQLITE.length);
    const length = readSync(descriptor, start, 0, start.length, 0);
    if (start.equals(SQLITE)) return 'trail';
    if (length > 0 && start[0] === '{'.charCodeAt(0)) return 'export';
    throw refusal(neitherTrailNorExport(file));
  } finally {
    closeSync(descriptor);
  }
}

/** @throws CliError when it is no trail */
export function requireTrail(file: string): void {
  if (kindOf(file) === 'export') throw refusal(isAnExport(file));
}

/** @throws CliError when it is no trail */
export function locate(file: string): TrailLocation {
  requireTrail(file);
  return trailAt(file);
}

/** A reader of a trail. @throws CliError when it is none; what it is asked rejects with a TrailError */
export function viewOf(file: string): TrailView {
  return locate(file).view();
}

/** The anchors beside a trail, which is where links lead to; `undefined` where there are none. */
export function anchorsBeside(file: string): string | undefined {
  if (isPostgres(file)) return undefined;
  const path = defaultAnchors(trailAt(file).name);
  return existsSync(path) ? path : undefined;
}
