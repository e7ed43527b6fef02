import { types } from 'node:util';

type Descriptors = Record<PropertyKey, PropertyDescriptor>;

/** The fields of an object that printing shows; of a list and of a function only those that it has beside its own kind's. */
export function printedFields(source: object): readonly (string | symbol)[] {
  if (Array.isArray(source)) return Reflect.ownKeys(source).filter((key) => !isElement(key));
  if (typeof source === 'function') {
    return Reflect.ownKeys(source).filter((key) => Object.prototype.propertyIsEnumerable.call(source, key));
  }
  return Reflect.ownKeys(source);
}

/** The same value, of the same class, with other fields; a text where it cannot be made anew. */
export function copyWithFields(content: object, fields: Descriptors): unknown {
  const copy = emptyCopy(content);
  return copy === undefined ? `[${nameOf(content)}]` : Object.defineProperties(copy, fields);
}

function emptyCopy(content: object): object | undefined {
  const prototype = Object.getPrototypeOf(content) as object | null;
  if (Array.isArray(content)) return content.slice();
  if (types.isMap(content)) return new Map(content);
  if (types.isSet(content)) return new Set(content);
  if (types.isDate(content)) return new Date(content.getTime());
  if (types.isRegExp(content)) return new RegExp(content);
  if (types.isBoxedPrimitive(content)) return Object(content.valueOf()) as object;
  if (typeof content === 'function')
    return Object.defineProperty(() => {}, 'name', { value: nameOf(content) });
  const isUnique = types.isPromise(content) || types.isWeakMap(content) || types.isWeakSet(content);
  return isUnique ? undefined : (Object.create(prototype) as object);
}

function nameOf(content: object): string {
  const named: unknown = typeof content === 'function' ? content : content.constructor;
  return typeof named === 'function' ? named.name : 'Object';
}

function isElement(key: string | symbol): boolean {
  return typeof key === 'string' && (key === 'length' || /^\d{1,10}$/.test(key));
}
