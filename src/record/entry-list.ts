/** What holds names and values that are no properties of its own: `Headers`, `URLSearchParams`, `FormData`. */
export type EntryList = Iterable<[string, unknown]>;

/** By what it can do: each library that imitates the Web has classes of its own. */
const METHODS = ['append', 'get', 'entries', Symbol.iterator] as const;

export function isEntryList(value: object): value is EntryList {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return false;
  return METHODS.every((name) => name in value && typeof Reflect.get(value, name) === 'function');
}
