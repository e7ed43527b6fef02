import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { resolveTrailOptions } from '../../../src/options/resolve-trail-options.js';
import { type ResolvedTrailOptions, type TrailOptions } from '../../../src/options/trail-options.js';
import { initTrail } from '../../../src/trail/postgres/init-trail.js';
import { PostgresTrail } from '../../../src/trail/postgres/postgres-trail.js';
import { TrailStore } from '../../../src/trail/store/trail-store.js';
import { PostgresServer, whyNoPostgres } from '../postgres/postgres-server.js';
import { trailContract } from './trail-contract.js';
import { type TrailFixture } from './trail-fixture.js';

let server: PostgresServer;

class PostgresFixture implements TrailFixture {
  private readonly path = mkdtempSync(join(tmpdir(), 'trail-contract-'));
  private readonly stores: TrailStore[] = [];

  private constructor(private readonly schema: string) {}

  static async make(): Promise<PostgresFixture> {
    const fixture = new PostgresFixture(server.newSchema());
    await initTrail(fixture.options().postgres!);
    return fixture;
  }

  options(given: Partial<TrailOptions> = {}): ResolvedTrailOptions {
    return resolveTrailOptions({
      file: join(this.path, 'audit'),
      postgres: { url: server.url, schema: this.schema },
      ...given,
    });
  }

  place(options: ResolvedTrailOptions, instance = 'contract:1'): PostgresTrail {
    return new PostgresTrail(options.postgres!, options, instance);
  }

  async open(given: Partial<TrailOptions> = {}): Promise<TrailStore> {
    const options = this.options(given);
    const store = await TrailStore.open(this.place(options), options, 'contract:1');
    this.stores.push(store);
    return store;
  }

  /** The function by which everything is appended is gone for a while. */
  async outage(): Promise<AsyncDisposable> {
    await server.query(`ALTER FUNCTION ${this.schema}.append(json) RENAME TO append_gone`);
    const back = `DO $$ BEGIN IF to_regproc('${this.schema}.append') IS NULL THEN
      ALTER FUNCTION ${this.schema}.append_gone(json) RENAME TO append; END IF; END $$`;
    return { [Symbol.asyncDispose]: async () => void (await server.query(back)) };
  }

  async kill(store: TrailStore): Promise<void> {
    await store['backend'].terminate();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.stores.map((store) => store.close()));
    rmSync(this.path, { recursive: true, force: true });
  }
}

beforeAll(async () => {
  if (whyNoPostgres === '') server = await PostgresServer.start();
}, 60_000);
afterAll(() => server?.[Symbol.asyncDispose]());

trailContract('PostgreSQL', () => PostgresFixture.make(), whyNoPostgres);
