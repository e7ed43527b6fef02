import { type ResolvedPostgresOptions } from '../../options/postgres-options.js';
import { Connections } from './connect.js';
import { initSql } from './init-sql.js';
import { PostgresLocation } from './postgres-location.js';

/** Makes the schema, functions and roles of a trail, or brings them up to this version. @throws TrailError */
export async function initTrail(options: ResolvedPostgresOptions): Promise<void> {
  const connections = new Connections(options, new PostgresLocation(options).name);
  try {
    await connections.query(initSql(options.schema));
  } finally {
    await connections.close();
  }
}
