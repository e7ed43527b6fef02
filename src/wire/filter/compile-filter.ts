import { LOG_LEVELS, parseLevel } from '../level.js';
import { compileSearch } from './contains-text.js';
import { compileFieldPath } from './field-of.js';
import { type FilteredRecord } from './filtered-record.js';
import { type FieldValue, type FilterSpec } from './filter-spec.js';
import { compileGlob } from './glob.js';

/** Tells whether a record passes. */
export type FilterTest = (record: FilteredRecord) => boolean;

/**
 * How each condition is tested, cheap ones first: category and level decide most records. A condition that is missing
 * here does not compile: one that is read but not tested would let everything pass, also in a filter that somebody
 * is held to. `undefined` is a condition that always holds, as `where` without a field.
 */
const COMPILERS: {
  readonly [K in keyof Required<FilterSpec>]: (
    condition: NonNullable<FilterSpec[K]>,
  ) => FilterTest | undefined;
} = {
  category: (category) => (record) => record.category === category,
  level: (level) => levelTest(LOG_LEVELS.slice(LOG_LEVELS.indexOf(parseLevel(level)!))),
  levels: (levels) => levelTest(levels.map((level) => parseLevel(level)!)),
  logger: (patterns) => globTest(patterns, (record) => record.logger),
  action: (patterns) =>
    globTest(patterns, (record) => (record.category === 'audit' ? record.action : undefined)),
  where: (fields) => every(Object.entries(fields).map(([field, expected]) => fieldTest(field, expected))),
  search: (text) => compileSearch(text),
  not: (spec) => {
    const matches = compileFilter(spec);
    return matches ? (record) => !matches(record) : () => false;
  },
};

const CONDITIONS = Object.keys(COMPILERS) as (keyof FilterSpec)[];

/**
 * Compiles a filter that was read by `parseFilter` into one test.
 *
 * @returns `undefined` for a filter that lets everything pass
 */
export function compileFilter(spec: FilterSpec): FilterTest | undefined {
  return every(CONDITIONS.map((name) => compiled(spec, name)));
}

/**
 * Compiles filters all of which must let a record pass: a client's own, and those it is held to.
 *
 * @returns `undefined` when everything passes
 */
export function compileFilters(specs: readonly FilterSpec[]): FilterTest | undefined {
  return every(specs.map(compileFilter));
}

function compiled<K extends keyof FilterSpec>(spec: FilterSpec, name: K): FilterTest | undefined {
  const condition = spec[name];
  return condition === undefined ? undefined : COMPILERS[name](condition as NonNullable<FilterSpec[K]>);
}

function every(conditions: readonly (FilterTest | undefined)[]): FilterTest | undefined {
  const tests = conditions.filter((test) => test !== undefined);
  return tests.length > 1 ? (record) => tests.every((test) => test(record)) : tests[0];
}

function levelTest(levels: readonly string[]): FilterTest {
  const wanted = new Set(levels);
  return (record) => wanted.has(record.level);
}

function globTest(
  patterns: string | readonly string[],
  read: (record: FilteredRecord) => unknown,
): FilterTest {
  const globs = [patterns].flat().map(compileGlob);
  return (record) => {
    const value = read(record);
    return typeof value === 'string' && globs.some((matches) => matches(value));
  };
}

function fieldTest(field: string, expected: FieldValue): FilterTest {
  const read = compileFieldPath(field);
  const text = String(expected);
  return (record) => {
    const value = read(record);
    const comparable = value === null || (value !== undefined && typeof value !== 'object');
    return comparable && String(value) === text;
  };
}
