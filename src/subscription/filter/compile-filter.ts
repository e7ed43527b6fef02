import { LOG_LEVELS } from '../../wire/level.js';
import { type LogRecord } from '../../record/log-record.js';
import { compileSearch } from './contains-text.js';
import { compileFieldPath } from './field-of.js';
import { type FieldValue, type FilterSpec } from '../../wire/filter/filter-spec.js';
import { compileGlob } from './glob.js';

/** Tells whether a record passes. */
export type RecordPredicate = (record: LogRecord) => boolean;

/**
 * Compiles a filter into one test. Cheap conditions come first: category and level decide most records.
 *
 * @returns `undefined` for a filter that lets everything pass
 */
export function compileFilter(spec: FilterSpec): RecordPredicate | undefined {
  const tests: RecordPredicate[] = [];
  const { category, level, levels, logger, action, where, search, not } = spec;
  if (category) tests.push((record) => record.category === category);
  if (level) tests.push(levelTest(LOG_LEVELS.slice(LOG_LEVELS.indexOf(level))));
  if (levels) tests.push(levelTest(levels));
  if (logger) tests.push(globTest(logger, (record) => record.logger));
  if (action)
    tests.push(globTest(action, (record) => (record.category === 'audit' ? record.action : undefined)));
  for (const [field, expected] of Object.entries(where ?? {})) tests.push(fieldTest(field, expected));
  if (search) tests.push(compileSearch(search));
  if (not) tests.push(negated(compileFilter(not)));
  return tests.length > 0 ? (record) => tests.every((test) => test(record)) : undefined;
}

/**
 * Compiles filters all of which must let a record pass: a client's own, and those it is held to.
 *
 * @returns `undefined` when everything passes
 */
export function compileFilters(specs: readonly FilterSpec[]): RecordPredicate | undefined {
  const tests = specs.map(compileFilter).filter((test) => test !== undefined);
  return tests.length > 1 ? (record) => tests.every((test) => test(record)) : tests[0];
}

function levelTest(levels: readonly string[]): RecordPredicate {
  const wanted = new Set(levels);
  return (record) => wanted.has(record.level);
}

function globTest(
  patterns: string | readonly string[],
  read: (record: LogRecord) => unknown,
): RecordPredicate {
  const globs = [patterns].flat().map(compileGlob);
  return (record) => {
    const value = read(record);
    return typeof value === 'string' && globs.some((matches) => matches(value));
  };
}

function fieldTest(field: string, expected: FieldValue): RecordPredicate {
  const read = compileFieldPath(field);
  const text = String(expected);
  return (record) => {
    const value = read(record);
    const comparable = value === null || (value !== undefined && typeof value !== 'object');
    return comparable && String(value) === text;
  };
}

function negated(predicate: RecordPredicate | undefined): RecordPredicate {
  return predicate ? (record) => !predicate(record) : () => false;
}
