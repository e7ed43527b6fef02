import { type FieldNames } from './field-names.js';

/** Fields that say what another holds: of HAR, Postman and Kubernetes, of an error of class-validator, Joi or Mongoose. */
const NAMING = ['name', 'key', 'property', 'path', 'header', 'param', 'Name', 'Key'] as const;

/** The fields that hold it. */
const HOLDING: ReadonlySet<string> = new Set(['value', 'values', 'Value']);

/** Whether a field is the secret that a field beside it names: `{ name: 'Cookie', value: 'sid=…' }`. */
export function isNamedBeside(names: FieldNames, source: object, key: string, value: unknown): boolean {
  if (!HOLDING.has(key)) return false;
  return NAMING.some((naming) => {
    const name: unknown = Object.getOwnPropertyDescriptor(source, naming)?.value;
    return names.names(Array.isArray(name) ? name.at(-1) : name, value);
  });
}

/**
 * Whether an element of a list is the secret that the one before it names: entry pairs and raw headers
 * (`['Cookie', 'sid=…']`), arguments of a command (`['--password', '…']`). A name that follows a name is one of a list of
 * names.
 */
export function isNamedBefore(names: FieldNames, list: readonly unknown[], index: number): boolean {
  if (index === 0) return false;
  const [name, value] = [list[index - 1], list[index]];
  if (typeof name !== 'string') return false;
  const isPaired = index % 2 === 1 && list.length % 2 === 0;
  return (isPaired || name.startsWith('--')) && names.names(name, value) && !names.names(value, '');
}
