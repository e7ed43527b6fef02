/**
 * Reads a nested property of a value whose shape is not known. `undefined` when a step is missing or its getter
 * throws: what is read here belongs to the application or to one of its libraries.
 */
export function readPath(value: unknown, ...path: readonly PropertyKey[]): unknown {
  try {
    let current = value;
    for (const key of path) {
      if (current === null || (typeof current !== 'object' && typeof current !== 'function'))
        return undefined;
      current = Reflect.get(current, key);
    }
    return current;
  } catch {
    return undefined;
  }
}

/** {@link readPath}, when what it finds is a text that is not empty. */
export function readText(value: unknown, ...path: readonly PropertyKey[]): string | undefined {
  const found = readPath(value, ...path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** True for promises and everything else that `await` calls `then()` of. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof readPath(value, 'then') === 'function';
}
