import { hostname } from 'node:os';
import { type ResolvedTrailOptions } from '../options/trail-options.js';
import { atRealPath } from './sqlite/file-place.js';
import { SqliteTrail } from './sqlite/sqlite-trail.js';
import { type WritableTrail } from './store/trail-backend.js';
import { TrailStore } from './store/trail-store.js';

/** Where the options keep the trail: the one place that knows which stores an application can have. */
export async function writableTrail(options: ResolvedTrailOptions, instance: string): Promise<WritableTrail> {
  if (!options.postgres) return new SqliteTrail(options, instance);
  // Only those load it who keep a trail there.
  const { PostgresTrail } = await import('./postgres/postgres-trail.js');
  return new PostgresTrail(options.postgres, options, instance);
}

/**
 * Opens the trail of an application.
 *
 * @param instance name of this process in entries that the trail itself makes
 * @throws TrailError as a rejection, with a sentence that says what to change
 */
export async function openTrail(
  options: ResolvedTrailOptions,
  instance = `${hostname()}:${process.pid}`,
): Promise<TrailStore> {
  const located = options.postgres ? options : atRealPath(options);
  return TrailStore.open(await writableTrail(located, instance), located, instance);
}
