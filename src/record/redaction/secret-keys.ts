import { DEFAULT_SECRET_ENDINGS, DEFAULT_SECRET_KEYS, DEFAULT_SECRET_PATHS } from './default-secret-keys.js';

/** A name on the way to a value, lower-cased; a field that was renamed for the wire is known by both names. */
export interface PathStep {
  readonly lower: string;
  readonly also?: string;
}

/** Says of the value of a field whose name is known whether it is a secret. */
export type SecretRule = (value: unknown) => boolean;

/** Of a name that is secret whatever the value is. */
const ALWAYS: SecretRule = () => true;

/** Of a name that only ends like a secret's: whether there is one says nothing of it. */
const UNLESS_FLAG: SecretRule = (value) =>
  typeof value !== 'boolean' && value !== null && value !== undefined;

/** Of `auth`, which often is no more than the name of a scheme; with Node's own clients it is `user:password`. */
const USER_AND_PASSWORD: SecretRule = (value) => typeof value === 'string' && /^[^\s:]*:\S/.test(value);

const AUTH = new Set(['auth', 'proxyauth']);

/**
 * Which fields hold secrets, by Nest's own rules for its `redact`: a name matches at any depth, a dotted path
 * the last names that lead to a field, case does not matter. The default names also know what people put in front of
 * them.
 */
export class SecretKeys {
  private readonly names: Set<string>;
  /** The names in front of the last one of a dotted path, by the last one. */
  private readonly paths = new Map<string, string[][]>();

  /** @param defaults whether the default names are secret too */
  constructor(
    keys: readonly string[],
    private readonly defaults = false,
  ) {
    this.names = new Set(defaults ? DEFAULT_SECRET_KEYS : []);
    for (const key of defaults ? [...DEFAULT_SECRET_PATHS, ...keys] : keys) {
      const segments = key
        .split('.')
        .map((segment) => segment.trim().toLowerCase())
        .filter((segment) => segment !== '');
      const last = segments.pop();
      if (last === undefined) continue;
      if (segments.length === 0) this.names.add(last);
      else this.paths.set(last, [...(this.paths.get(last) ?? []), segments]);
    }
  }

  /** What makes the value of a field of this name, wherever it stands, a secret; `undefined` when nothing does. */
  ruleOf(lower: string): SecretRule | undefined {
    if (this.names.has(lower)) return ALWAYS;
    if (!this.defaults) return undefined;
    const together = lower.replaceAll(/[-_.]/g, '');
    if (AUTH.has(together)) return USER_AND_PASSWORD;
    return DEFAULT_SECRET_ENDINGS.some((ending) => together.endsWith(ending)) ? UNLESS_FLAG : undefined;
  }

  /** What must lead to a field of this name for it to be secret. */
  parentsOf(lower: string): readonly (readonly string[])[] | undefined {
    return this.paths.get(lower);
  }
}

/** Whether a way ends in these names. */
export function endsIn(way: readonly PathStep[], names: readonly string[]): boolean {
  const offset = way.length - names.length;
  return (
    offset >= 0 &&
    names.every((name, index) => {
      const step = way[offset + index]!;
      return step.lower === name || step.also === name;
    })
  );
}
