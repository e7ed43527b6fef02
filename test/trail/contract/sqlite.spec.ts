import { mkdtempSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveTrailOptions } from '../../../src/options/resolve-trail-options.js';
import { type ResolvedTrailOptions, type TrailOptions } from '../../../src/options/trail-options.js';
import { type SqliteBackend } from '../../../src/trail/sqlite/sqlite-backend.js';
import { SqliteTrail } from '../../../src/trail/sqlite/sqlite-trail.js';
import { TrailStore } from '../../../src/trail/store/trail-store.js';
import { trailContract } from './trail-contract.js';
import { type TrailFixture } from './trail-fixture.js';

class SqliteFixture implements TrailFixture {
  private readonly path = mkdtempSync(join(tmpdir(), 'trail-contract-'));
  private readonly file = join(this.path, 'audit.db');
  private readonly stores: TrailStore[] = [];

  options(given: Partial<TrailOptions> = {}): ResolvedTrailOptions {
    return resolveTrailOptions({ file: this.file, space: { lowBytes: 0, ballastBytes: 0 }, ...given });
  }

  place(options: ResolvedTrailOptions, instance = 'contract:1'): SqliteTrail {
    return new SqliteTrail(options, instance);
  }

  async open(given: Partial<TrailOptions> = {}): Promise<TrailStore> {
    const options = this.options(given);
    const store = await TrailStore.open(this.place(options), options, 'contract:1');
    this.stores.push(store);
    return store;
  }

  /** Another connection has begun to write, and does not end. */
  async outage(): Promise<AsyncDisposable> {
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
    const db = new DatabaseSync(this.file);
    db.exec('BEGIN IMMEDIATE');
    return {
      [Symbol.asyncDispose]: async () => {
        if (db.isOpen) db.close();
      },
    };
  }

  async kill(store: TrailStore): Promise<void> {
    await (store['backend'] as SqliteBackend)['calls'].terminate();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.stores.map((store) => store.close()));
    rmSync(this.path, { recursive: true, force: true });
  }
}

trailContract(
  'SQLite',
  async () => new SqliteFixture(),
  isBuiltin('node:sqlite') ? '' : ' (skipped: this Node has no node:sqlite)',
);
