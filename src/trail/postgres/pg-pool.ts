/** What is needed of `pg`: its types are no dependency of who does not use it. */
export interface PgResult {
  readonly rows: Record<string, unknown>[];
}

/** Runs one statement. */
export type RunSql = (sql: string, values?: unknown[]) => Promise<PgResult['rows']>;

/** One connection of a pool, as `pg` has it. */
export interface PgClient {
  query(sql: string, values?: unknown[]): Promise<PgResult>;
  release(error?: Error | boolean): void;
}

/**
 * A pool as `pg.Pool` is one.
 *
 * @publicApi
 */
export interface PgPool {
  connect(): Promise<PgClient>;
  query(sql: string, values?: unknown[]): Promise<PgResult>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  end(): Promise<void>;
}
