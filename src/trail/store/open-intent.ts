import { type PlainObject } from '../../wire/plain-value.js';

/** A call that was about to run, of which no record says how it ended. */
export interface OpenIntent {
  readonly id: string;
  readonly seq: number;
  readonly instance: string;
  readonly data: PlainObject;
}
