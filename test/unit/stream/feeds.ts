import { type RecordInput } from 'nestjs-log-stream';
import { resolveOptions } from '../../../src/options/resolve-options.js';
import { type LogRecord } from '../../../src/record/log-record.js';
import { RecordBuilder } from '../../../src/record/record-builder.js';
import { type AuditKeeper } from '../../../src/stream/audit-keeper.js';
import { LogStream } from '../../../src/stream/log-stream.js';
import { type RecordHistory, type RecordSource } from '../../../src/stream/record-source.js';
import { ArraySource } from './array-source.js';

/** A source, and the way in. */
export interface Feed {
  readonly source: RecordSource;
  /** The record can be read, and the listeners have been called, when this returns. */
  publish(input: RecordInput): LogRecord;
  /** Gives back what the source holds. */
  end(): void;
}

export interface FeedOptions {
  readonly bounds?: RecordHistory['bounds'];
  readonly keeper?: AuditKeeper;
}

export type MakeFeed = (options?: FeedOptions) => Feed;

const WIDE = { records: 1_000, bytes: 2 ** 20 };

const ofLogStream =
  (keeps: boolean): MakeFeed =>
  ({ bounds = WIDE, keeper } = {}) => {
    const options = resolveOptions({ logger: false, history: keeps && bounds });
    const source = new LogStream(options, new RecordBuilder(options));
    if (keeper) source.keepAudit(keeper);
    return {
      source,
      publish: (input) => source.publish(input)!,
      end: () => source.onApplicationShutdown(),
    };
  };

const ofArray =
  (keeps: boolean): MakeFeed =>
  ({ bounds = WIDE, keeper } = {}) => {
    const builder = new RecordBuilder(resolveOptions({ logger: false }));
    const source = new ArraySource(bounds, keeper, keeps);
    return { source, publish: (input) => source.add(builder.buildFrom(input)), end: () => {} };
  };

/** Sources that keep a history. */
export const KEEPING: Readonly<Record<string, MakeFeed>> = {
  'a LogStream': ofLogStream(true),
  'an array': ofArray(true),
};

/** Sources that keep only what is on its way. */
export const PASSING: Readonly<Record<string, MakeFeed>> = {
  'a LogStream with history: false': ofLogStream(false),
  'an array that keeps nothing': ofArray(false),
};
