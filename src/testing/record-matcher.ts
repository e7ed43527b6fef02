import { types } from 'node:util';
import { type LogLevel } from '../wire/level.js';
import { compileGlob } from '../wire/filter/glob.js';
import { type CapturedEntry, type CapturedRecord } from './captured-record.js';
import {
  differs,
  NOT_AUDIT,
  patternMustBeObject,
  patternMustBePlain,
  PREDICATE_REFUSED,
} from './testing.messages.js';

/** What `expect.any()`, `expect.stringContaining()` and their like are, in vitest, jest and jasmine. */
export interface AsymmetricMatcher {
  asymmetricMatch(actual: unknown): boolean;
}

/** A text as a whole, a part of it by a regular expression, or what a matcher of the test framework says. */
export type TextMatcher<T extends string = string> = T | RegExp | AsymmetricMatcher;

/**
 * What a record has to look like. Fields that are not named may be anything, in objects inside of it too; lists are
 * compared element by element. A field that is `undefined` here must be missing there.
 *
 * @publicApi
 */
export interface RecordPattern {
  /** This level, not those above it. */
  readonly level?: TextMatcher<LogLevel>;
  /** `*` stands for any characters, as in the filters of the monitor. */
  readonly logger?: TextMatcher;
  readonly message?: TextMatcher;
  /** `*` as in {@link logger}. System records never match. */
  readonly action?: TextMatcher;
  /** Any other field; a regular expression finds a part of a text. */
  readonly [field: string]: unknown;
}

/** @publicApi */
export type RecordPredicate = (record: CapturedRecord) => boolean;

/** @publicApi */
export type RecordMatcher = RecordPattern | RecordPredicate;

/** Tells in what a record differs from what is wanted; by nothing, when it matches. */
export type Comparison = (entry: CapturedEntry) => readonly string[];

/** Fields in which an asterisk is a wildcard. */
const GLOBS = new Set(['logger', 'action']);

/** @throws TypeError when a pattern holds what no record can hold, and would therefore never match */
export function compileMatcher(matcher: RecordMatcher): Comparison {
  if (typeof matcher === 'function') {
    return ({ record }) => (matcher(record) ? [] : [PREDICATE_REFUSED]);
  }
  if (!isObject(matcher)) throw new TypeError(patternMustBeObject(matcher));
  const pattern: Readonly<Record<string, unknown>> = matcher;
  for (const [field, expected] of Object.entries(pattern)) requirePlain(expected, field);
  return ({ category, record }) =>
    Object.entries(pattern).flatMap(([field, expected]) => {
      const actual = record[field];
      if (field === 'action' && category === 'system' && expected !== undefined) return [NOT_AUDIT];
      if (GLOBS.has(field) && typeof expected === 'string' && typeof actual === 'string') {
        return compileGlob(expected)(actual) ? [] : [differs(field, actual, expected)];
      }
      return compare(field, actual, expected);
    });
}

/** @internal whether a matcher of a test framework stands here */
export function isAsymmetric(value: unknown): value is AsymmetricMatcher {
  return (
    typeof value === 'object' &&
    value !== null &&
    'asymmetricMatch' in value &&
    typeof value.asymmetricMatch === 'function'
  );
}

function compare(path: string, actual: unknown, expected: unknown): string[] {
  const difference = [differs(path, actual, expected)];
  if (isAsymmetric(expected)) return expected.asymmetricMatch(actual) ? [] : difference;
  // Not `test`, whose result depends on the call before where the expression is global.
  if (types.isRegExp(expected))
    return typeof actual === 'string' && actual.search(expected) >= 0 ? [] : difference;
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return difference;
    return expected.flatMap((element, index) => compare(`${path}[${index}]`, actual[index], element));
  }
  if (isObject(expected)) {
    if (!isObject(actual)) return difference;
    return Object.entries(expected).flatMap(([key, value]) => compare(`${path}.${key}`, actual[key], value));
  }
  // JSON knows no -0 and no NaN: a record has 0 and null in their place.
  return actual === expected ? [] : difference;
}

/** By its tag: jest runs tests in a realm of their own, with an `Object` of its own. */
function isObject(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]';
}

function requirePlain(expected: unknown, path: string): void {
  if (isAsymmetric(expected) || types.isRegExp(expected)) return;
  if (Array.isArray(expected)) {
    for (const [index, element] of expected.entries()) requirePlain(element, `${path}[${index}]`);
  } else if (isObject(expected)) {
    for (const [key, value] of Object.entries(expected)) requirePlain(value, `${path}.${key}`);
  } else if (!['string', 'number', 'boolean', 'undefined'].includes(typeof expected) && expected !== null) {
    throw new TypeError(patternMustBePlain(path, expected));
  }
}
