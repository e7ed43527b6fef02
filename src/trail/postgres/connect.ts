import { type ResolvedPostgresOptions } from '../../options/postgres-options.js';
import { TrailError } from '../store/trail-error.js';
import { type PgClient, type PgPool, type RunSql } from './pg-pool.js';
import { trailErrorOf } from './pg-error.js';
import { closedTrail, pgMissing } from './postgres.messages.js';

/** A server that does not answer is down: what waits for it goes to the spool. */
const CONNECT_MS = 5_000;
const ANSWER_MS = 30_000;

/** Most connections of one process: appends are one at a time, and the others are for readers. */
const CONNECTIONS = 4;

/** The connections to the server of a trail. Made by its first question; every error is a `TrailError`. */
export class Connections {
  private pool: Promise<PgPool> | undefined;
  private isClosed = false;
  private readonly held = new Set<PgClient>();

  /** @param name of the trail, for messages */
  constructor(
    private readonly options: ResolvedPostgresOptions,
    readonly name: string,
  ) {}

  get schema(): string {
    return this.options.schema;
  }

  /** Runs one statement on whichever connection is free. */
  query(sql: string, values: unknown[] = []): ReturnType<RunSql> {
    return this.run(async (pool) => (await pool.query(sql, values)).rows);
  }

  /** One connection for its own use, until {@link giveBack}. */
  acquire(): Promise<PgClient> {
    return this.run(async (pool) => {
      const client = await pool.connect();
      this.held.add(client);
      return client;
    });
  }

  /** @param failure ends the connection, as its state is in doubt */
  giveBack(client: PgClient, failure?: unknown): void {
    if (this.held.delete(client)) client.release(failure !== undefined);
  }

  /** Runs a transaction on one connection. The server ends one whose client does not go on with it. */
  async transaction<T>(begin: string, work: (run: RunSql) => Promise<T>): Promise<T> {
    const client = await this.acquire();
    try {
      await client.query(begin);
      const result = await work(async (sql, values = []) => (await client.query(sql, values)).rows);
      await client.query('COMMIT');
      this.giveBack(client);
      return result;
    } catch (error) {
      this.giveBack(client, error);
      throw this.explain(error);
    }
  }

  /** Never rejects. */
  async close(): Promise<void> {
    this.isClosed = true;
    // A pool that was given is its owner's to end.
    if (this.options.pool) return;
    await this.pool?.then((pool) => pool.end()).catch(() => undefined);
  }

  /** Ends it in the middle of whatever it does, as a process that is killed. */
  async terminate(): Promise<void> {
    for (const client of this.held) client.release(true);
    this.held.clear();
    await this.close();
  }

  private async run<T>(work: (pool: PgPool) => Promise<T>): Promise<T> {
    if (this.isClosed) throw new TrailError('closed', closedTrail(this.name));
    try {
      return await work(await (this.pool ??= this.connect()));
    } catch (error) {
      throw this.explain(error);
    }
  }

  /** What an error of the server, or of the way there, means. */
  explain(error: unknown): TrailError {
    if (this.isClosed) return new TrailError('closed', closedTrail(this.name), { cause: error });
    return trailErrorOf(error, this.name, this.schema);
  }

  private async connect(): Promise<PgPool> {
    const { pool, url } = this.options;
    if (pool) return pool as PgPool;
    const { Pool } = await loadPg();
    const own = new Pool({
      connectionString: url,
      max: CONNECTIONS,
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: ANSWER_MS,
      keepAlive: true,
      application_name: 'nestjs-log-stream audit',
      // A process that has nothing else to do ends.
      allowExitOnIdle: true,
    });
    // Of connections that nobody uses; who uses one hears of it by what he asked.
    own.on('error', () => {});
    return own as PgPool;
  }
}

async function loadPg(): Promise<{ Pool: new (config: object) => PgPool }> {
  try {
    const pg = (await import('pg')) as unknown as { default?: unknown };
    return (pg.default ?? pg) as { Pool: new (config: object) => PgPool };
  } catch (error) {
    throw new TrailError('unsupported', pgMissing(), { cause: error });
  }
}
