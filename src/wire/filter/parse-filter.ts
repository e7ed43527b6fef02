import { LOG_CATEGORIES } from '../category.js';
import { LOG_LEVELS, type LogLevel, parseLevel } from '../level.js';
import { FilterError } from './filter-error.js';
import { FILTER_LIMITS, type FieldValue, type FilterSpec } from './filter-spec.js';
import {
  mustBeFieldValue,
  mustHaveFieldNames,
  mustBeList,
  mustBeObject,
  mustBeOneOf,
  mustBeText,
  tooDeep,
  tooManyFields,
  unknownField,
} from './filter.messages.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** How each field is read; also the list of known fields, in the order in which they are tested. */
const READERS: {
  readonly [K in keyof Required<FilterSpec>]: (value: unknown, path: string, depth: number) => FilterSpec[K];
} = {
  category: (value, path) => oneOf(value, path, LOG_CATEGORIES),
  level,
  levels,
  logger: patterns,
  action: patterns,
  where: (value, path) => where(value, path),
  search: text,
  not: (value, path, depth) => parseFilter(value, path, depth + 1),
};

const KNOWN = Object.keys(READERS) as (keyof FilterSpec)[];

/**
 * Reads a filter that a client sent.
 *
 * @returns a copy that has known fields only, in a fixed order: equal filters have equal JSON
 * @throws FilterError that names the first mistake
 */
export function parseFilter(value: unknown, path = 'filter', depth = 0): FilterSpec {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new FilterError(path, mustBeObject);
  if (depth > FILTER_LIMITS.depth) throw new FilterError(path, tooDeep);
  const given = value as Record<string, unknown>;
  for (const name of Object.keys(given)) {
    if (!KNOWN.some((known) => known === name)) {
      throw new FilterError(`${path}.${name.slice(0, FILTER_LIMITS.text)}`, unknownField(KNOWN));
    }
  }
  const spec: Mutable<FilterSpec> = {};
  for (const name of KNOWN) {
    if (given[name] !== undefined)
      Object.assign(spec, { [name]: READERS[name](given[name], `${path}.${name}`, depth) });
  }
  return spec;
}

function oneOf<T extends string>(value: unknown, path: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (!found) throw new FilterError(path, mustBeOneOf(allowed));
  return found;
}

function level(value: unknown, path: string): LogLevel {
  const found = parseLevel(value);
  if (!found) throw new FilterError(path, mustBeOneOf(LOG_LEVELS));
  return found;
}

function levels(value: unknown, path: string): LogLevel[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > LOG_LEVELS.length) {
    throw new FilterError(path, mustBeList('levels', LOG_LEVELS.length));
  }
  const given = new Set(value.map((one, index) => level(one, `${path}[${index}]`)));
  return LOG_LEVELS.filter((name) => given.has(name));
}

function patterns(value: unknown, path: string): string[] {
  if (!Array.isArray(value)) return [text(value, path)];
  if (value.length === 0 || value.length > FILTER_LIMITS.patterns) {
    throw new FilterError(path, mustBeList('patterns', FILTER_LIMITS.patterns));
  }
  return [...new Set(value.map((pattern, index) => text(pattern, `${path}[${index}]`)))].toSorted();
}

function text(value: unknown, path: string): string {
  if (!isText(value)) throw new FilterError(path, mustBeText);
  return value;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= FILTER_LIMITS.text;
}

function where(value: unknown, path: string): Record<string, FieldValue> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new FilterError(path, mustBeObject);
  const entries = Object.entries(value as Record<string, unknown>);
  if (entries.length > FILTER_LIMITS.fields) throw new FilterError(path, tooManyFields);
  if (entries.some(([field]) => !isText(field))) throw new FilterError(path, mustHaveFieldNames);
  // Object.fromEntries defines its fields: `__proto__` is a name like any other.
  return Object.fromEntries(
    entries
      .map(([field, expected]) => [field, fieldValue(expected, `${path}.${field}`)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function fieldValue(value: unknown, path: string): FieldValue {
  const short = typeof value === 'string' && value.length <= FILTER_LIMITS.text;
  if (short || typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  throw new FilterError(path, mustBeFieldValue);
}
