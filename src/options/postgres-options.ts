/**
 * A trail on PostgreSQL, 13 or newer, for an application of several processes: one chain, whoever of them writes. Needs the
 * package `pg`, and a schema that `npx nestjs-log-stream audit init` has made.
 *
 * @publicApi
 */
export interface TrailPostgresOptions {
  /** Where it is, as `postgres://user:password@host:5432/database`. Either this or {@link pool}. */
  url?: string;
  /** A `pg.Pool` of the application, which stays the application's to end. */
  pool?: object;
  /**
   * Schema of the trail: lower case letters, digits and underscores, at most 40.
   * @default what `?schema=` of the URL says, else 'audit'
   */
  schema?: string;
}

/** The same after validation. */
export interface ResolvedPostgresOptions {
  readonly url: string | undefined;
  readonly pool: object | undefined;
  readonly schema: string;
}
