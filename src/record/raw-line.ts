import { type StoryMark } from '../story/story-mark.js';
import { type CallerLocation, type NestLogLevel } from './log-call.js';

/** A value that nobody can change. */
export type Scalar = string | number | boolean | null;

/**
 * A log call that is fixed as it is: nothing in it is an object that may still change, and it is a system record. What is
 * left to be done (taking secrets out of its texts, the record, its encoding) can wait until somebody reads it.
 */
export interface RawLine {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly level: NestLogLevel;
  /** Nest's context; `undefined` when there is none. */
  readonly context: string | undefined;
  readonly message: string;
  /** Extra fields, those of the `context` option among them. */
  readonly fields: Readonly<Record<string, Scalar>> | undefined;
  readonly caller: CallerLocation | undefined;
  readonly story: StoryMark | undefined;
}
