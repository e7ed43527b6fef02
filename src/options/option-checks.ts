import { mustBe, unknownOption } from './options.messages.js';

/** What counts as one option, whatever `undefined` fields the caller's object has. */
export type Fields = Record<string, unknown>;

export function refuseUnknown(given: Fields, known: readonly string[], prefix = ''): void {
  for (const name of Object.keys(given)) {
    if (!known.includes(name) && given[name] !== undefined) {
      throw new TypeError(unknownOption(`${prefix}${name}`, known));
    }
  }
}

/** An option that has options of its own. */
export function group(option: string, value: unknown, known: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(mustBe(option, `an object with ${known.join(', ')}`, value));
  }
  refuseUnknown(value as Fields, known, `${option}.`);
  return value as Fields;
}

export function trueOrFalse(option: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw new TypeError(mustBe(option, 'true or false', value));
  return value;
}

/** @throws TypeError when it is no whole number in these bounds, both included */
export function integer(option: string, value: unknown, min: number, max: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    throw new TypeError(mustBe(option, `a whole number from ${min} to ${max}`, value));
  }
  return value;
}

/**
 * The path of a route of ours.
 *
 * @throws TypeError when Express or Fastify would read it as a pattern, each in its own way
 */
export function routePath(option: string, value: unknown, example: string): string {
  if (typeof value !== 'string' || !/^(?:\/[\w.~-]+)+$/.test(value)) {
    throw new TypeError(mustBe(option, `a path of letters, digits and -._~, as '${example}'`, value));
  }
  return value;
}
