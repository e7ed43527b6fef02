import { chainOf } from './audited-method.js';

const DECLARED_NAME = Symbol('nestjs-log-stream:declared-class-name');

/** What Nest's `mixin()` calls a class, anew at every start: 21 hexadecimal digits (`uid(21)`). */
const RANDOM_NAME = /^[0-9a-f]{21}$/;

/** Where a mixin, and all that it extends, has no name at all. */
const NAMELESS = 'Mixin';

/** Remembers how a class is called where it is defined, before `mixin()` has renamed it. */
export function declareName(prototype: object): void {
  Reflect.defineMetadata(DECLARED_NAME, prototype.constructor.name, prototype);
}

/**
 * The name of a class for its logger: the same at every start, so that a filter for it can be kept. A mixin has the name
 * that it was defined with where that is known, else that of the class which it extends.
 */
export function stableNameOf(type: Function): string {
  const prototype: unknown = type.prototype;
  if (typeof prototype !== 'object' || prototype === null) return type.name || NAMELESS;
  return chainOf(prototype).map(nameOf).find(Boolean) ?? NAMELESS;
}

function nameOf(prototype: object): string | undefined {
  const { name } = prototype.constructor;
  return RANDOM_NAME.test(name) ? (Reflect.getOwnMetadata(DECLARED_NAME, prototype) as string) : name;
}
