import { types } from 'node:util';
import { isLiving } from '../../record/living-object.js';

export const REDACTED = '[redacted]';

/** Bounds of one snapshot; what lies beyond them is kept by reference. */
const LIMITS = { values: 10_000, depth: 16 } as const;

export interface SnapshotOptions {
  /** Kept as they are: the request, the response, a socket. */
  readonly verbatim?: ReadonlySet<unknown>;
  /** Field names whose values are replaced by {@link REDACTED}, at any depth; case does not matter. */
  readonly redact?: readonly string[];
}

/**
 * Copies data so that no later change shows. Arrays, plain objects, `Map`, `Set` and `Date` are copied, instances of
 * classes by their own fields under the same prototype, so that a DTO's methods still work. What lives rather than
 * holds data stays a reference: functions, streams, emitters, promises, Observables, buffers, proxies, errors.
 *
 * Runs no code of the values that it copies: accessors are copied as accessors.
 */
export function snapshot<T>(value: T, { verbatim, redact = [] }: SnapshotOptions = {}): T {
  const copies = new Map<unknown, unknown>();
  const secrets = new Set(redact.map((name) => name.toLowerCase()));
  const isSecret = (key: unknown): boolean => typeof key === 'string' && secrets.has(key.toLowerCase());

  const remember = <C>(original: unknown, copy: C): C => {
    copies.set(original, copy);
    return copy;
  };

  const fieldOf = (key: unknown, value: unknown, depth: number): unknown =>
    isSecret(key) ? REDACTED : copyOf(value, depth + 1);

  const copyOf = (original: unknown, depth: number): unknown => {
    if (typeof original !== 'object' || original === null || verbatim?.has(original)) return original;
    if (copies.has(original)) return copies.get(original);
    if (depth > LIMITS.depth || copies.size >= LIMITS.values || isAlive(original)) return original;
    if (Array.isArray(original)) {
      const copy = remember(original, [] as unknown[]);
      for (const item of original) copy.push(copyOf(item, depth + 1));
      return copy;
    }
    if (types.isDate(original)) return remember(original, new Date(original));
    if (types.isMap(original)) {
      const copy = remember(original, new Map<unknown, unknown>());
      for (const [key, item] of original) copy.set(copyOf(key, depth + 1), fieldOf(key, item, depth));
      return copy;
    }
    if (types.isSet(original)) {
      const copy = remember(original, new Set<unknown>());
      for (const item of original) copy.add(copyOf(item, depth + 1));
      return copy;
    }
    return copyFields(original, depth);
  };

  const copyFields = (original: object, depth: number): object => {
    const copy = remember(original, Object.create(Object.getPrototypeOf(original)) as object);
    for (const key of Reflect.ownKeys(original)) {
      const descriptor = Object.getOwnPropertyDescriptor(original, key);
      if (!descriptor) continue;
      if ('value' in descriptor) descriptor.value = fieldOf(key, descriptor.value, depth);
      else if (isSecret(key)) Object.assign(descriptor, { get: () => REDACTED });
      Object.defineProperty(copy, key, descriptor);
    }
    return copy;
  };

  return copyOf(value, 0) as T;
}

/** True for what a copy of would be broken: what acts, a proxy, and what holds more than its fields. */
export function isAlive(value: object): boolean {
  if (types.isProxy(value) || isLiving(value)) return true;
  if (Array.isArray(value) || types.isDate(value) || types.isMap(value) || types.isSet(value)) return false;
  return Object.prototype.toString.call(value) !== '[object Object]';
}
