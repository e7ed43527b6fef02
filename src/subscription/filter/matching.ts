import { filter, type MonoTypeOperatorFunction } from 'rxjs';
import { type LogRecord } from '../../record/log-record.js';
import { compileFilter } from '../../wire/filter/compile-filter.js';
import { type FilterSpec } from '../../wire/filter/filter-spec.js';
import { parseFilter } from '../../wire/filter/parse-filter.js';

/**
 * The filter of the monitor's clients for observers in the same process:
 * `stream.records$.pipe(matching({ category: 'audit', action: 'user_*' }))`.
 *
 * @throws FilterError, at once, when the filter is wrong
 * @publicApi
 */
export function matching(spec: FilterSpec): MonoTypeOperatorFunction<LogRecord> {
  return filter<LogRecord>(compileFilter(parseFilter(spec)) ?? (() => true));
}
