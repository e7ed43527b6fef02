import { type LogCategory } from './category.js';
import { type FilterSpec } from './filter/filter-spec.js';

/**
 * Somebody who may watch, as `authorize` describes them: an object with at least one of these fields and no others, made
 * for this. Without a field there is no restriction in that respect.
 *
 * @publicApi
 */
export interface Principal {
  /** Name to revoke by, see `MonitorGateway.revoke()`; not told to the client. */
  readonly id?: string;
  /**
   * The categories that may be seen. None refuses with 403.
   * @default ['system', 'audit']
   */
  readonly categories?: readonly LogCategory[];
  /** What must hold for every record that is seen, whatever the client's own filter says. */
  readonly filter?: FilterSpec;
  /** When the permission ends, as a `Date` or in milliseconds since the epoch: the connection is closed then. */
  readonly expiresAt?: Date | number;
}

/**
 * What an authorizer may answer: a principal, `true` for somebody who may see everything, nothing or `false` for
 * nobody that it knows.
 *
 * @publicApi
 */
export type Authorization = Principal | boolean | null | undefined;
