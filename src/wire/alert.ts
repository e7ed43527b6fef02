import { type LogCategory } from './category.js';
import { type LogLevel } from './level.js';

/** Records have matched an alert: what those who watch are told of it. */
export interface AlertData {
  /** The run of the application that {@link id} and the record's `seq` are of. */
  readonly epoch: string;
  /** Number of the firing in that run, from 1: what is told again has the same. */
  readonly id: number;
  /** Name of the alert. */
  readonly name: string;
  /** When it fired: UTC, ISO 8601, with milliseconds. */
  readonly time: string;
  /** Records that have matched since it last fired, the one that made it fire among them. */
  readonly matches: number;
  /** The record that made it fire, its message cut to 300 characters. */
  readonly record: {
    readonly seq: number;
    readonly category: LogCategory;
    readonly level: LogLevel;
    readonly logger: string;
    readonly message: string;
  };
}

/**
 * What the function of an alert is given.
 *
 * @publicApi
 */
export interface Alert {
  /** As the option has it. */
  readonly name: string;
  /** When it fired: UTC, ISO 8601, with milliseconds. */
  readonly time: string;
  /** Records that have matched since it last fired, {@link record} among them. */
  readonly matches: number;
  /** The option `instance`. */
  readonly instance: string;
  /** Position of {@link record} in the stream. */
  readonly seq: number;
  readonly category: LogCategory;
  /** The record that made it fire, as clients are given it: secrets are hidden. */
  readonly record: AlertedRecord;
}

/**
 * The record that made an alert fire, with the fields of the wire format.
 *
 * @publicApi
 */
export interface AlertedRecord {
  readonly timestamp: string;
  readonly level: LogLevel;
  readonly logger: string;
  readonly message: string;
  /** All others; `action` and `metadata` of an audit record among them. */
  readonly [field: string]: unknown;
}
