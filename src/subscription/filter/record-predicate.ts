import { type LogRecord } from '../../record/log-record.js';

/** Tells whether a record passes; the tests that `wire/filter` compiles are such. */
export type RecordPredicate = (record: LogRecord) => boolean;
