import { type PlainValue } from './plain-value.js';

/**
 * An error as it stands in a record. Own fields of the error (`code`, `status`) stand beside the named ones.
 *
 * @publicApi
 */
export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  /** The cause: an error again, or any other plain value. */
  readonly cause?: PlainValue;
  /** Of an `AggregateError`. */
  readonly errors?: PlainValue;
  /** Of a `SuppressedError`: what was thrown last, and what was on its way before. */
  readonly error?: PlainValue;
  readonly suppressed?: PlainValue;
  readonly [field: string]: PlainValue | undefined;
}
