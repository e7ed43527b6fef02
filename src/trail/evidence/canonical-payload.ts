import canonicalize from 'canonicalize';
import { notPlain } from './evidence.messages.js';
import { isWellFormed } from './well-formed.js';

/**
 * The canonical JSON text of a value (RFC 8785): no whitespace, keys sorted by UTF-16 code units, numbers and strings
 * as ECMAScript prints them. Two values that are equal as JSON have the same text, so its bytes can be hashed.
 *
 * Properties that are `undefined` are left out, as `JSON.stringify` does.
 *
 * @throws TypeError when the value is not plain JSON: whatever `JSON.stringify` would quietly turn into something
 * else (a `toJSON`, a class, NaN, a hole), and strings that are not well-formed Unicode, which have no UTF-8 bytes;
 * {@link wellFormed} mends those
 */
export function canonicalPayload(value: unknown): string {
  demandPlain(value, 'the value');
  // Plain values always have a text: `undefined` itself was refused.
  return canonicalize(value)!;
}

function demandPlain(value: unknown, path: string): void {
  switch (typeof value) {
    case 'boolean':
      return;
    case 'string':
      if (!isWellFormed(value)) refuse(path, 'a string with half of a surrogate pair');
      return;
    case 'number':
      if (!Number.isFinite(value)) refuse(path, String(value));
      return;
    case 'object':
      if (value === null) return;
      if (Array.isArray(value)) demandPlainArray(value, path);
      else demandPlainObject(value, path);
      return;
    default:
      refuse(path, typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`);
  }
}

/** By index: `canonicalize` skips holes and would print text that is no JSON. */
function demandPlainArray(array: readonly unknown[], path: string): void {
  for (let index = 0; index < array.length; index++) demandPlain(array[index], `${path}[${index}]`);
}

function demandPlainObject(object: object, path: string): void {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null) refuse(path, 'an instance of a class');
  for (const [key, value] of Object.entries(object)) {
    if (!isWellFormed(key)) refuse(path, 'an object with a key that has half of a surrogate pair');
    if (value !== undefined) demandPlain(value, `${path}.${key}`);
  }
}

function refuse(path: string, found: string): never {
  throw new TypeError(notPlain(path, found));
}
