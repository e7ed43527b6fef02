import { hostname } from 'node:os';
import { type ResolvedTrailOptions } from '../options/trail-options.js';
import { atRealPath } from './sqlite/file-place.js';
import { SqliteLocation } from './sqlite/sqlite-location.js';
import { SqliteTrail } from './sqlite/sqlite-trail.js';
import { type TrailLocation, type WritableTrail } from './store/trail-backend.js';
import { TrailStore } from './store/trail-store.js';

/** Where the options keep the trail: the one place that knows which stores there are. */
export function writableTrail(options: ResolvedTrailOptions, instance: string): WritableTrail {
  return new SqliteTrail(options, instance);
}

/** The trail that a command line names, for reading. */
export function trailAt(target: string): TrailLocation {
  return new SqliteLocation(target);
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
  const located = atRealPath(options);
  return TrailStore.open(writableTrail(located, instance), located, instance);
}
