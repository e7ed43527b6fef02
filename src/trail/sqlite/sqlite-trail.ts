import { type ResolvedTrailOptions } from '../../options/trail-options.js';
import { type BackendListener, type TrailBackend, type WritableTrail } from '../store/trail-backend.js';
import { atRealPath } from './file-place.js';
import { requireSqlite } from './sqlite.js';
import { SqliteBackend } from './sqlite-backend.js';
import { SqliteLocation } from './sqlite-location.js';
import { type WriterData } from './writer/writer-methods.js';

/** A trail in a file of SQLite, with all that it takes to write to it. */
export class SqliteTrail extends SqliteLocation implements WritableTrail {
  private readonly data: WriterData;

  /** @param instance name of this process in entries that the trail itself makes */
  constructor(given: ResolvedTrailOptions, instance: string) {
    const { anchors, ...options } = atRealPath(given);
    super(options.file);
    // A function cannot be given to a thread: the store calls it.
    this.data = {
      options: { ...options, anchors: typeof anchors === 'string' ? anchors : undefined },
      instance,
    };
  }

  /** @throws TrailError `unsupported` */
  connect(listener: BackendListener): TrailBackend {
    requireSqlite();
    return new SqliteBackend(this.data, listener);
  }
}
