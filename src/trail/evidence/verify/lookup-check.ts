import { type EntryPayload } from '../read-payload.js';
import { type Finding } from './finding.js';

/**
 * Checks what a store keeps beside its entries so that they are found: indexes, targets, times of blocks. The hashes
 * say nothing of it, and a query that leaves an entry out lies as well as one that shows another.
 */
export interface LookupCheck {
  /** The next entry, whose payload is canonical and which stands in its place. */
  entry(entry: EntryPayload): void;
  /** All entries were given, and nothing is wrong with them. */
  finish(): Iterable<Finding>;
}
