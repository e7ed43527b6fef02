import { FILTER_LIMITS } from './filter-spec.js';

export const mustBeObject = 'must be an object';
export const unknownField = (known: readonly string[]): string =>
  `is not known; known are ${known.join(', ')}`;
export const mustBeOneOf = (allowed: readonly string[]): string => `must be one of ${allowed.join(', ')}`;
export const mustBeList = (of: string, most: number): string => `must be a list of 1 to ${most} ${of}`;
export const mustBeText = `must be a text of 1 to ${FILTER_LIMITS.text} characters`;
export const mustBeFieldValue = `must be a text of at most ${FILTER_LIMITS.text} characters, a number, a boolean or null`;
export const mustHaveFieldNames = `must have field names of 1 to ${FILTER_LIMITS.text} characters`;
export const tooManyFields = `must have at most ${FILTER_LIMITS.fields} fields`;
export const tooDeep = `is nested deeper than ${FILTER_LIMITS.depth} filters`;
