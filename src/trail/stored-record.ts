import { type AuditOrigin } from '../wire/audit-origin.js';
import { type LogLevel } from '../wire/level.js';
import { type LogRecord } from '../record/log-record.js';
import { type PlainError } from '../wire/plain-error.js';
import { type PlainObject, type PlainValue } from '../wire/plain-value.js';

/** The fields of an audit record as the trail stores them: those that extended clients get. */
export function dataOf(record: LogRecord): PlainObject {
  const { timestamp, level, logger, message, action, metadata, extra, error, truncated, id, origin } = record;
  return {
    timestamp,
    level,
    logger,
    message,
    ...(action !== undefined && { action: action as PlainValue }),
    ...(metadata !== undefined && { metadata: metadata as PlainValue }),
    ...extra,
    ...(error && { error: { ...error } as PlainObject }),
    ...(truncated && { truncated }),
    ...(id !== undefined && { id }),
    ...(origin !== undefined && { origin }),
  };
}

/**
 * The record that {@link dataOf} was made of. Its extra fields are in the order of the canonical text, by name.
 *
 * @param seq its position in the stream of its own epoch
 */
export function recordOf(data: PlainObject, seq: number): LogRecord {
  const { timestamp, level, logger, message, action, metadata, error, truncated, id, origin, ...extra } =
    data;
  return {
    seq,
    category: 'audit',
    time: Date.parse(String(timestamp)),
    timestamp: String(timestamp),
    level: level as LogLevel,
    logger: String(logger),
    message: String(message),
    action,
    metadata,
    error: error as PlainError | undefined,
    extra,
    truncated: truncated === true,
    id: id as string,
    origin: origin as AuditOrigin,
  };
}
