/** A name on the way to a value, lower-cased; a field that was renamed for the wire is known by both names. */
export interface PathStep {
  readonly lower: string;
  readonly also?: string;
}

/**
 * Which fields hold secrets, by Nest's own rules for its `redact`: a name matches at any depth, a dotted path
 * the last names that lead to a field, case does not matter.
 */
export class SecretKeys {
  private readonly names = new Set<string>();
  /** The names in front of the last one of a dotted path, by the last one. */
  private readonly paths = new Map<string, string[][]>();

  constructor(keys: readonly string[]) {
    for (const key of keys) {
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

  /** Whether a field of this name is secret wherever it stands. */
  hasName(lower: string): boolean {
    return this.names.has(lower);
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
