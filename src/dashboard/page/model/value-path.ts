/** Names that lead to a value in a record, as `['metadata', 'role']`. */
export type ValuePath = readonly string[];

/** A value that can be filtered by. */
export type Scalar = string | number | boolean | null;

export function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

/** @returns `undefined` where there is nothing; only a value's own fields count, never those of its prototype */
export function valueAt(data: object, path: ValuePath): unknown {
  let value: unknown = data;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}
