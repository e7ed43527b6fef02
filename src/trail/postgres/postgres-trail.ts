import { type ResolvedPostgresOptions } from '../../options/postgres-options.js';
import { type ResolvedTrailOptions } from '../../options/trail-options.js';
import { type BackendListener, type TrailBackend, type WritableTrail } from '../store/trail-backend.js';
import { PostgresBackend } from './postgres-backend.js';
import { PostgresLocation } from './postgres-location.js';

/** A trail in a database of PostgreSQL, with all that it takes to write to it. */
export class PostgresTrail extends PostgresLocation implements WritableTrail {
  /** @param instance name of this process in entries that the trail itself makes */
  constructor(
    place: ResolvedPostgresOptions,
    private readonly given: ResolvedTrailOptions,
    private readonly instance: string,
  ) {
    super(place);
  }

  connect(listener: BackendListener): TrailBackend {
    return new PostgresBackend(this.connections(), this.given, this.instance, listener);
  }
}
