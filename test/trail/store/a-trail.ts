import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DatabaseSync } from 'node:sqlite';
import { UuidV7 } from '../../../src/record/record-id.js';
import { type PlainObject } from '../../../src/wire/plain-value.js';
import { readAnchors } from '../../../src/trail/evidence/anchor-file.js';
import { type TrailReport } from '../../../src/trail/evidence/verify/trail-report.js';
import { verifyTrail } from '../../../src/trail/evidence/verify/verify-trail.js';
import { resolveTrailOptions } from '../../../src/options/resolve-trail-options.js';
import { draftOf } from '../../../src/trail/store/draft-entry.js';
import { type NewEntry } from '../../../src/trail/store/trail-entry.js';
import { TrailReader } from '../../../src/trail/sqlite/reader/trail-reader.js';
import { openTrail } from '../../../src/trail/open-trail.js';
import { type TrailStore } from '../../../src/trail/store/trail-store.js';
import { TrailWriter } from '../../../src/trail/sqlite/writer/trail-writer.js';
import { type ResolvedTrailOptions, type TrailOptions } from '../../../src/options/trail-options.js';

export const hasSqlite = isBuiltin('node:sqlite');

/** Behind the name of a suite: why it is skipped, where it is. */
export const whyNoSqlite = hasSqlite ? '' : ' (skipped: this Node has no node:sqlite)';

/** A directory for one trail. What was opened in it is closed, and it is gone, at the end. */
export class TrailDirectory implements AsyncDisposable {
  readonly path = mkdtempSync(join(tmpdir(), 'trail-'));
  readonly file = join(this.path, 'audit.db');
  private readonly stores: TrailStore[] = [];

  options(given: Partial<TrailOptions> = {}): ResolvedTrailOptions {
    // A small ballast: every trail writes one.
    return resolveTrailOptions({ file: this.file, space: { lowBytes: 0, ballastBytes: 65_536 }, ...given });
  }

  async open(given: Partial<TrailOptions> = {}): Promise<TrailStore> {
    const store = await openTrail(this.options(given), 'test:1');
    this.stores.push(store);
    return store;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.stores.map((store) => store.close()));
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** An audit record on its way to the trail. */
export function record(number: number, data: PlainObject = {}): NewEntry {
  return {
    kind: 'record',
    stream: { epoch: 'epoch-1', seq: number },
    instance: 'test:1',
    data: {
      timestamp: new Date(Date.UTC(2026, 0, 1) + number * 1_000).toISOString(),
      level: 'INFO',
      logger: 'audit.users',
      message: `role changed ${number}`,
      action: 'user_role_changed',
      outcome: 'success',
      number,
      ...data,
    },
  };
}

export function intent(number: number): NewEntry {
  return { kind: 'intent', stream: null, instance: 'test:1', data: { id: `intent-${number}`, number } };
}

/** What a verification of the file says, with its anchors when they are in a file. */
export async function verified(file: string): Promise<TrailReport> {
  using reader = TrailReader.open(file);
  const anchors = `${file}.anchors`;
  return await verifyTrail(reader.evidence(), existsSync(anchors) ? { anchors: readAnchors(anchors) } : {});
}

/** What `data` holds of each stored entry, once all of it was verified. */
export async function storedData(file: string): Promise<PlainObject[]> {
  const { verdict, findings } = await verified(file);
  if (verdict !== 'ok') throw new Error(findings.map(({ text }) => text).join(' '));
  using reader = TrailReader.open(file);
  return [...reader.rows()].map(({ payload }) => (JSON.parse(payload) as { data: PlainObject }).data);
}

/** The trail's file as SQLite sees it, with nothing of ours in between. */
export function rawDatabase(file: string): DatabaseSync {
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  return new DatabaseSync(file);
}

/** A writer in this thread, as its worker has it. */
export function openWriter(directory: TrailDirectory, given: Partial<TrailOptions> = {}): TrailWriter {
  const { anchors, ...options } = directory.options(given);
  const path = typeof anchors === 'string' ? anchors : undefined;
  const ignore = (): void => {};
  return TrailWriter.open({ ...options, anchors: path }, 'test:1', { checkpoint: ignore, problem: ignore });
}

/** A batch as the queue sends it. */
export function batch(...entries: readonly NewEntry[]): string {
  const ids = new UuidV7();
  return `[${entries.map((entry) => draftOf(entry, ids).text).join(',')}]`;
}
