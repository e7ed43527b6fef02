import { type LogCategory } from '../../wire/category.js';
import { type FilterSpec } from '../../wire/filter/filter-spec.js';

export const CATEGORIES: readonly LogCategory[] = ['system', 'audit'];

/**
 * What an admitted client may see, and until when. Every way to a record (live, replay, history) asks for its
 * filters through {@link narrow}, so that none can be forgotten.
 */
export class Access {
  /** Of somebody who may see everything for as long as the application runs. */
  static readonly EVERYTHING = new Access(CATEGORIES, []);

  constructor(
    /** At least one. */
    readonly categories: readonly LogCategory[],
    /** What the client is held to, as `parseFilter` returns it. */
    private readonly forced: readonly FilterSpec[],
    readonly id?: string,
    /** Milliseconds since the epoch. */
    readonly expiresAt?: number,
  ) {}

  /** Whether there may be records that this client must learn nothing of. */
  get restricted(): boolean {
    return this.forced.length > 0;
  }

  /** The filters that hold for a client which asks for one. */
  narrow(filter: FilterSpec): readonly FilterSpec[] {
    return this.restricted ? [...this.forced, filter] : [filter];
  }

  expired(now: number = Date.now()): boolean {
    return this.expiresAt !== undefined && this.expiresAt <= now;
  }
}
